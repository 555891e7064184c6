import type { Clock } from '../../model/runtime-services.ts';
import { abortedError } from '../aborted-error.ts';
import type { Policy } from '../pipeline-request.ts';
import { setDeadline } from '../set-deadline.ts';
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
    let onAbort = () => {};
    let stopDeadline = () => {};
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
      stopDeadline = setDeadline(clock, clock.now() + ms, () => stop(timeoutError(ms)));
    });
    try {
      return await Promise.race([next({ ...request, signal: attempt.signal }), interrupted]);
    } finally {
      stopDeadline();
      signal?.removeEventListener('abort', onAbort);
    }
  };
}

/** An attempt without a complete response in time. */
export function timeoutError(ms: number): TransportError {
  return new TransportError('TIMEOUT', `No complete response within ${ms / 1000} s.`, { maybeSent: true });
}
