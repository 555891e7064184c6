import type { ConnectorError } from '../../errors/connector-error.ts';
import { aborted } from '../aborted.ts';

/** A caller that wants to send: `deadline` is the last moment at which it would, in milliseconds since the epoch. */
export interface Ticket {
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Callers that wait, in the order of their deadlines: calls have the same patience, so who came first is first,
 * also when it comes again after a refusal.
 */
export interface Line {
  /** Resolves when the caller is called; rejects when it is refused or aborts. */
  wait(ticket: Ticket): Promise<void>;
  /** The first deadline; undefined when nobody waits. */
  first(): number | undefined;
  callFirst(): void;
  /** Sends away everybody whose deadline lies before `time`. */
  refuseBefore(time: number, why: () => ConnectorError): void;
  /** Sends everybody away. */
  refuseAll(error: unknown): void;
}

interface Waiter {
  readonly deadline: number;
  readonly call: () => void;
  readonly refuse: (error: unknown) => void;
}

/** Makes an empty line. */
export function createLine(): Line {
  const waiters: Waiter[] = [];
  return {
    wait({ deadline, signal }) {
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(aborted());
        };
        const done = () => signal?.removeEventListener('abort', onAbort);
        const waiter: Waiter = {
          deadline,
          call() {
            done();
            resolve();
          },
          refuse(error) {
            done();
            reject(error);
          },
        };
        if (signal?.aborted) return reject(aborted());
        signal?.addEventListener('abort', onAbort, { once: true });
        waiters.splice(waiters.findLastIndex((other) => other.deadline <= deadline) + 1, 0, waiter);
      });
    },
    first: () => waiters[0]?.deadline,
    callFirst() {
      waiters.shift()?.call();
    },
    refuseBefore(time, why) {
      while (waiters[0] !== undefined && waiters[0].deadline < time) waiters.shift()!.refuse(why());
    },
    refuseAll(error) {
      for (const waiter of waiters.splice(0)) waiter.refuse(error);
    },
  };
}
