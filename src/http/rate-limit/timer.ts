import type { Clock } from '../../model/runtime-services.ts';
import { setDeadline } from '../set-deadline.ts';

/** A timer with one deadline: the earliest that was set. */
export interface DeadlineTimer {
  /** Sets the deadline (milliseconds since the epoch), unless an earlier one is set. */
  set(time: number): void;
  cancel(): void;
}

/** Creates a timer that calls `onTime` at its deadline. */
export function createDeadlineTimer(clock: Clock, onTime: () => void): DeadlineTimer {
  let current: { readonly time: number; readonly stop: () => void } | undefined;
  const cancel = () => {
    current?.stop();
    current = undefined;
  };
  return {
    set(time) {
      if (current !== undefined && current.time <= time) return;
      cancel();
      const stop = setDeadline(clock, time, () => {
        current = undefined;
        onTime();
      });
      current = { time, stop };
    },
    cancel,
  };
}
