import type { Clock } from '../../model/runtime-services.ts';
import { abortedError } from '../aborted-error.ts';
import type { Policy } from '../pipeline-request.ts';
import { TransportError } from '../transport-error.ts';

/**
 * Ends an attempt if its last byte has not arrived after `ms`, or when the caller aborts. The caller does not wait for
 * the sender, so this also works with a sender that ignores its signal.
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
        () => {}, // The attempt ended first, and the timer was stopped.
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

// With a reason, `abort` does not create a DOMException with a stack for every attempt.
const attemptIsOver = 'the attempt is over';

function timeoutError(ms: number): TransportError {
  return new TransportError('TIMEOUT', `No complete response within ${ms / 1000} s.`, { maybeSent: true });
}
