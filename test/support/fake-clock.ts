import type { Clock } from '../../src/model/runtime-services.ts';

/** A clock without real time: when all other work is done, the earliest sleep ends at once. */
export interface FakeClock extends Clock {
  /** The durations of the sleeps that ended, in order. */
  readonly slept: readonly number[];
  /** Returns the number of sleeps that have not ended. */
  sleeping(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  const slept: number[] = [];
  const wakeEarliest = () => {
    const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
    if (next === undefined) return;
    sleepers.delete(next);
    now = Math.max(now, next.at);
    next.wake();
    if (sleepers.size > 0) setImmediate(wakeEarliest);
  };
  return {
    slept,
    now: () => now,
    sleeping: () => sleepers.size,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          sleepers.delete(sleeper);
          reject(signal!.reason);
        };
        const sleeper = {
          at: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            slept.push(ms);
            resolve();
          },
        };
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
        // Two turns of the event loop, so that other code can cancel a timer or start a shorter one before.
        setImmediate(() => setImmediate(wakeEarliest));
      });
    },
  };
}
