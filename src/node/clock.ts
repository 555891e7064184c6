import type { Clock } from '../model/runtime-services.ts';
import { Deadlines, maxTimerMs } from './deadlines.ts';

/** The clock of this machine. */
export const systemClock: Clock = createSystemClock();

function createSystemClock(): Clock {
  const now = () => Date.now();
  const deadlines = new Deadlines(now);
  return { now, sleep, setDeadline: (time, onTime) => deadlines.set(time, onTime) };
}

// Not node:timers/promises, which creates an error with a stack for each aborted sleep; every successful call aborts one.
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let timer: NodeJS.Timeout;
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const startTimer = (remainingMs: number) => {
      timer = setTimeout(
        () => (remainingMs > maxTimerMs ? startTimer(remainingMs - maxTimerMs) : finish()),
        Math.min(remainingMs, maxTimerMs),
      );
    };
    const finish = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    startTimer(ms);
  });
}
