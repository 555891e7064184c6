import type { Clock } from '../../../../src/model/runtime-services.ts';
import { systemClock } from '../../../../src/node/clock.ts';

/** A clock that runs `times` as fast as the system clock since `start`, and agrees between processes. */
export function createFastClock({ start, times }: { readonly start: number; readonly times: number }): Clock {
  return {
    now: () => start + (Date.now() - start) * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
