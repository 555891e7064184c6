import type { Clock } from '../../model/world.ts';
import { aborted } from '../aborted.ts';
import { NoAnswer } from '../no-answer.ts';
import type { Policy } from '../passage.ts';

/**
 * Ends an attempt that is not over, last byte included, after `ms`, or as soon as the caller aborts. The
 * attempt is raced, not only signalled: a sender that ignores its signal cannot keep the caller waiting.
 */
export function timeout(clock: Clock, ms: number): Policy {
  return async (passage, next) => {
    const { signal, tally } = passage;
    if (signal?.aborted) throw aborted();
    const attempt = new AbortController();
    const timer = new AbortController();
    let onAbort = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      const stop = (error: Error) => {
        reject(error);
        attempt.abort(error);
      };
      onAbort = () => {
        tally.ambiguous = true;
        stop(aborted());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      clock.sleep(ms, timer.signal).then(
        () => stop(timedOut(ms)),
        () => {}, // the timer was stopped: the attempt is over
      );
    });
    try {
      return await Promise.race([next({ ...passage, signal: attempt.signal }), interrupted]);
    } finally {
      timer.abort(attemptIsOver);
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

// A reason of its own spares the making of an exception that nobody sees.
const attemptIsOver = 'the attempt is over';

function timedOut(ms: number): NoAnswer {
  return new NoAnswer('TIMEOUT', `No complete answer within ${ms / 1000} s.`, { sent: true });
}
