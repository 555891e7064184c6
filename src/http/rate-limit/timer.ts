import type { Clock } from '../../model/runtime-services.ts';

/** One alarm at a time: the earliest that was asked for. */
export interface DeadlineTimer {
  /** Rings at `time` (milliseconds since the epoch), or earlier where it was set to. */
  set(time: number): void;
  cancel(): void;
}

/** Makes an alarm that calls `ring`. */
export function createDeadlineTimer(clock: Clock, onTime: () => void): DeadlineTimer {
  let current: { readonly time: number; readonly stop: AbortController } | undefined;
  const cancel = () => {
    current?.stop.abort('the alarm is off');
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
        () => {}, // it was switched off
      );
    },
    cancel,
  };
}
