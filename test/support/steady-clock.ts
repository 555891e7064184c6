import { clearInterval, setInterval } from 'node:timers';
import type { Clock } from '../../src/model/runtime-services.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock for client and server in one process: a minute takes a second or so, but time that a busy machine takes away
 * from the process does not count. Each turn of the event loop adds `stepMs` at most.
 */
export function createSteadyClock({ stepMs }: { readonly stepMs: number }): Clock & { close(): void } {
  let now = Date.now();
  const sleepers = new Set<Sleeper>();
  const timer = setInterval(() => {
    now += stepMs;
    for (const sleeper of [...sleepers].sort((a, b) => a.at - b.at)) {
      if (sleeper.at <= now) sleeper.wake();
    }
  }, 1);
  timer.unref();
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const end = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          if (sleepers.size === 0) timer.unref();
        };
        const onAbort = () => {
          end();
          reject(signal?.reason);
        };
        const sleeper = {
          at: now + ms,
          wake: () => {
            end();
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
        timer.ref();
      });
    },
    close: () => clearInterval(timer),
  };
}
