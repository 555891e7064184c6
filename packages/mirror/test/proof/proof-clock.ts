import type { Clock } from 'dynamics365-connector';

/** A clock that only moves when it is told to, or when a wait begins. Requests have no deadline. */
export interface ProofClock extends Clock {
  advance(ms: number): void;
}

export function createProofClock(start = Date.UTC(2026, 0, 15)): ProofClock {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
    },
    setDeadline: () => () => {},
  };
}
