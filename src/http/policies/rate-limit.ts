import type { Policy } from '../pipeline-request.ts';
import type { Limiter } from '../rate-limit/limiter.ts';

/**
 * Waits until the rate limiter admits the attempt. `findLimiter` returns the limiter of the user that the connection's
 * token belongs to. It is called for each attempt, so that retries are limited too.
 */
export function rateLimitPolicy(findLimiter: (signal?: AbortSignal) => Promise<Limiter>): Policy {
  return async (request, next) => {
    const limiter = await findLimiter(request.signal);
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
