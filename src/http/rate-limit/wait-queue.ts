import type { ConnectorError } from '../../errors/connector-error.ts';
import { abortedError } from '../aborted-error.ts';

/** A caller that waits to send a request. `deadline`: the latest time to start it, in milliseconds since the epoch. */
export interface Waiter {
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

/**
 * Waiting callers in the order of their deadlines. All calls of a connection have the same time budget, so this is the
 * order in which the calls started; a call that is retried keeps its position.
 */
export interface WaitQueue {
  /** Resolves when the caller is admitted; rejects when it is rejected or aborts. */
  wait(waiter: Waiter): Promise<void>;
  /** The earliest deadline; undefined when the queue is empty. */
  firstDeadline(): number | undefined;
  admitFirst(): void;
  /** Rejects every waiter whose deadline is before `time`. */
  rejectBefore(time: number, createError: () => ConnectorError): void;
  /** Rejects every waiter. */
  rejectAll(error: unknown): void;
}

interface QueueEntry {
  readonly deadline: number;
  readonly admit: () => void;
  readonly reject: (error: unknown) => void;
}

/** Creates an empty queue. */
export function createWaitQueue(): WaitQueue {
  const entries: QueueEntry[] = [];
  return {
    wait: (waiter) => addWaiter(entries, waiter),
    firstDeadline: () => entries[0]?.deadline,
    admitFirst() {
      entries.shift()?.admit();
    },
    rejectBefore(time, createError) {
      for (let first = entries[0]; first !== undefined && first.deadline < time; first = entries[0]) {
        entries.shift();
        first.reject(createError());
      }
    },
    rejectAll(error) {
      for (const entry of entries.splice(0)) entry.reject(error);
    },
  };
}

function addWaiter(entries: QueueEntry[], { deadline, signal }: Waiter): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedError());
    const onAbort = () => {
      entries.splice(entries.indexOf(entry), 1);
      reject(abortedError());
    };
    const removeListener = () => signal?.removeEventListener('abort', onAbort);
    const entry: QueueEntry = {
      deadline,
      admit() {
        removeListener();
        resolve();
      },
      reject(error) {
        removeListener();
        reject(error);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    entries.splice(entries.findLastIndex((other) => other.deadline <= deadline) + 1, 0, entry);
  });
}
