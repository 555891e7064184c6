import type { Clock } from '../../../src/model/runtime-services.ts';

/** A clock that moves only with `advance`. */
export interface ManualClock extends Clock {
  /** Moves the clock, ends the sleeps whose time is reached, and runs the code that waited for them. */
  advance(ms: number): Promise<void>;
}

export function createManualClock(start = Date.now()): ManualClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(ms) {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await flushPromises();
    },
  };
}

/** Waits until the condition is true. Throws after 100,000 turns of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('The condition did not become true.');
}

/** Runs the event loop until promises and WebCrypto's threads have finished. */
export async function flushPromises(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
