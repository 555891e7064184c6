import type { Clock } from '../../src/model/runtime-services.ts';
import { systemClock } from '../../src/node/clock.ts';

/** The machine's clock, so many times as fast since `start`; processes given the same numbers agree on the time. */
export function createFastClock({ start, times }: { readonly start: number; readonly times: number }): Clock {
  return {
    now: () => start + (Date.now() - start) * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
