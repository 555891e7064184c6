import type { Policy } from '../pipeline-request.ts';
import type { Limiter } from '../rate-limit/limiter.ts';

/**
 * Lets an attempt go when its user's share of the organization allows it; `findLimiter` answers the limiter of the
 * user whom the connection's token names. Each attempt asks anew, so that a repeated one waits its turn too.
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
