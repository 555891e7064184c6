import type { Clock } from '../model/runtime-services.ts';

/** Calls `onTime` at a time (milliseconds since the epoch), unless the returned function is called before. */
export function setDeadline(clock: Clock, time: number, onTime: () => void): () => void {
  if (clock.setDeadline !== undefined) return clock.setDeadline(time, onTime);
  const timer = new AbortController();
  clock.sleep(Math.max(0, time - clock.now()), timer.signal).then(onTime, () => {});
  // With a reason, `abort` does not create a DOMException with a stack.
  return () => timer.abort('the deadline was stopped');
}
