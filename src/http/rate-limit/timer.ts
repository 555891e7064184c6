import type { Clock } from '../../model/runtime-services.ts';

/** A timer with one deadline: the earliest that was set. */
export interface DeadlineTimer {
  /** Sets the deadline (milliseconds since the epoch), unless an earlier one is set. */
  set(time: number): void;
  cancel(): void;
}

/** Creates a timer that calls `onTime` at its deadline. */
export function createDeadlineTimer(clock: Clock, onTime: () => void): DeadlineTimer {
  let current: { readonly time: number; readonly stop: AbortController } | undefined;
  const cancel = () => {
    current?.stop.abort('the timer was canceled');
    current = undefined;
  };
  return {
    set(time) {
      if (current !== undefined && current.time <= time) return;
      cancel();
      const stop = new AbortController();
      current = { time, stop };
      clock.sleep(Math.max(0, time - clock.now()), stop.signal).then(
        () => {
          current = undefined;
          onTime();
        },
        () => {}, // The timer was canceled.
      );
    },
    cancel,
  };
}
