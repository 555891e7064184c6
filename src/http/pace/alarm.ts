import type { Clock } from '../../model/world.ts';

/** One alarm at a time: the earliest that was asked for. */
export interface Alarm {
  /** Rings at `time` (milliseconds since the epoch), or earlier where it was set to. */
  set(time: number): void;
  off(): void;
}

/** Makes an alarm that calls `ring`. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let current: { readonly time: number; readonly stop: AbortController } | undefined;
  const off = () => {
    current?.stop.abort('the alarm is off');
    current = undefined;
  };
  return {
    set(time) {
      if (current !== undefined && current.time <= time) return;
      off();
      const stop = new AbortController();
      current = { time, stop };
      clock.sleep(Math.max(0, time - clock.now()), stop.signal).then(
        () => {
          current = undefined;
          ring();
        },
        () => {}, // it was switched off
      );
    },
    off,
  };
}
