import type { Clock } from '../model/runtime-services.ts';

/** Node fires a timer at once when it is set further ahead than this. */
const maxTimerMs = 2 ** 31 - 1;

/** The clock of this machine. */
export const systemClock: Clock = { now: () => Date.now(), sleep };

// Not node:timers/promises: each stopped sleep builds an error with a stack there, and every call that ends
// well stops one.
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let timer: NodeJS.Timeout;
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const wait = (left: number) => {
      timer = setTimeout(
        () => (left > maxTimerMs ? wait(left - maxTimerMs) : wake()),
        Math.min(left, maxTimerMs),
      );
    };
    const wake = () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    signal?.addEventListener('abort', stop, { once: true });
    wait(ms);
  });
}
