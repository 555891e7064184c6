import type { Limiter } from '../pace/limiter.ts';
import type { Policy } from '../passage.ts';

/**
 * Lets an attempt go when its user's share of the organisation allows it; `findLimiter` answers the limiter of the
 * user whom the connection's token names. Each attempt asks anew, so that a repeated one waits its turn too.
 */
export function pace(findLimiter: (signal?: AbortSignal) => Promise<Limiter>): Policy {
  return async (passage, next) => {
    const limiter = await findLimiter(passage.signal);
    const leave = await limiter.enter(passage);
    try {
      const reply = await next(passage);
      leave(reply);
      return reply;
    } catch (error) {
      leave();
      throw error;
    }
  };
}
