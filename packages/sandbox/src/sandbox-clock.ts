import { setTimeout } from 'node:timers/promises';
import type { Clock } from 'dynamics365-connector';

/** The clock of a sandbox: row times, limits, delays of faults and access tokens depend on it. */
export interface SandboxClock extends Clock {
  /**
   * Moves the clock forward. Waits that are over then end at once.
   *
   * @param ms milliseconds, at least 0
   */
  advance(ms: number): void;
}

/** The system clock. A waiting fault does not keep the process alive; its open connection does. */
export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => setTimeout(ms, undefined, { ref: false, signal }),
};

/** Creates a clock that is ahead of another one by the sum of its advances. */
export function createSandboxClock(base: Clock): SandboxClock {
  let offsetMs = 0;
  const waits = new Set<{ readonly untilMs: number; readonly end: AbortController }>();
  const now = () => base.now() + offsetMs;
  return {
    now,
    async sleep(ms, signal) {
      const wait = { untilMs: now() + ms, end: new AbortController() };
      const ends = signal ? AbortSignal.any([signal, wait.end.signal]) : wait.end.signal;
      waits.add(wait);
      try {
        await base.sleep(ms, ends);
      } catch (error) {
        if (!wait.end.signal.aborted) throw error;
      } finally {
        waits.delete(wait);
      }
    },
    advance(ms) {
      offsetMs += ms;
      for (const { untilMs, end } of waits) if (untilMs <= now()) end.abort();
    },
  };
}
