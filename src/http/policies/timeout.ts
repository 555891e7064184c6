import type { Clock } from '../../model/runtime-services.ts';
import { abortedError } from '../aborted-error.ts';
import type { Policy } from '../pipeline-request.ts';
import { TransportError } from '../transport-error.ts';

/**
 * Ends an attempt that is not over, last byte included, after `ms`, or as soon as the caller aborts. The
 * attempt is raced, not only signalled: a sender that ignores its signal cannot keep the caller waiting.
 */
export function timeoutPolicy(clock: Clock, ms: number): Policy {
  return async (request, next) => {
    const { signal, state } = request;
    if (signal?.aborted) throw abortedError();
    const attempt = new AbortController();
    const timer = new AbortController();
    let onAbort = () => {};
    const interrupted = new Promise<never>((_, reject) => {
      const stop = (error: Error) => {
        reject(error);
        attempt.abort(error);
      };
      onAbort = () => {
        state.ambiguous = true;
        stop(abortedError());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      clock.sleep(ms, timer.signal).then(
        () => stop(timeoutError(ms)),
        () => {}, // the timer was stopped: the attempt is over
      );
    });
    try {
      return await Promise.race([next({ ...request, signal: attempt.signal }), interrupted]);
    } finally {
      timer.abort(attemptIsOver);
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

// A reason of its own spares the making of an exception that nobody sees.
const attemptIsOver = 'the attempt is over';

function timeoutError(ms: number): TransportError {
  return new TransportError('TIMEOUT', `No complete answer within ${ms / 1000} s.`, { maybeSent: true });
}
