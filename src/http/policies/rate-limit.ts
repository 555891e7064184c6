import type { Policy } from '../pipeline-request.ts';
import type { Limiter } from '../rate-limit/limiter.ts';
import type { Waiter } from '../rate-limit/wait-queue.ts';

/** Finds the rate limiter of the user that a connection's token belongs to. */
export interface FindLimiter {
  (waiter: Waiter): Promise<Limiter>;
  /** The limiter, if a call has found it. */
  current?(): Limiter | undefined;
}

/**
 * Waits until the rate limiter admits the attempt. `findLimiter` is called for each attempt, so that retries are limited
 * too.
 */
export function rateLimitPolicy(findLimiter: (waiter: Waiter) => Promise<Pick<Limiter, 'acquire'>>): Policy {
  return async (request, next) => {
    const limiter = await findLimiter(request);
    const release = await limiter.acquire(request);
    try {
      const response = await next(request);
      release(response);
      return response;
    } catch (error) {
      release();
      throw error;
    }
  };
}
