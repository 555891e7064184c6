import type { ConnectorError } from '../../errors/connector-error.ts';
import { abortedError } from '../aborted-error.ts';

/** A caller that wants to send: `deadline` is the last moment at which it would, in milliseconds since the epoch. */
export interface Waiter {
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Callers that wait, in the order of their deadlines: calls have the same patience, so who came first is first,
 * also when it comes again after a refusal.
 */
export interface WaitQueue {
  /** Resolves when the caller is called; rejects when it is refused or aborts. */
  wait(ticket: Waiter): Promise<void>;
  /** The first deadline; undefined when nobody waits. */
  firstDeadline(): number | undefined;
  admitFirst(): void;
  /** Sends away everybody whose deadline lies before `time`. */
  rejectBefore(time: number, why: () => ConnectorError): void;
  /** Sends everybody away. */
  rejectAll(error: unknown): void;
}

interface QueueEntry {
  readonly deadline: number;
  readonly admit: () => void;
  readonly reject: (error: unknown) => void;
}

/** Makes an empty line. */
export function createWaitQueue(): WaitQueue {
  const waiters: QueueEntry[] = [];
  return {
    wait({ deadline, signal }) {
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(abortedError());
        };
        const done = () => signal?.removeEventListener('abort', onAbort);
        const waiter: QueueEntry = {
          deadline,
          admit() {
            done();
            resolve();
          },
          reject(error) {
            done();
            reject(error);
          },
        };
        if (signal?.aborted) return reject(abortedError());
        signal?.addEventListener('abort', onAbort, { once: true });
        waiters.splice(waiters.findLastIndex((other) => other.deadline <= deadline) + 1, 0, waiter);
      });
    },
    firstDeadline: () => waiters[0]?.deadline,
    admitFirst() {
      waiters.shift()?.admit();
    },
    rejectBefore(time, why) {
      while (waiters[0] !== undefined && waiters[0].deadline < time) waiters.shift()!.reject(why());
    },
    rejectAll(error) {
      for (const waiter of waiters.splice(0)) waiter.reject(error);
    },
  };
}
