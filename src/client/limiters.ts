import { decodeClaims, readTextClaim } from '../auth/jwt.ts';
import { createLimiter, type Limiter } from '../http/rate-limit/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../http/rate-limit/shared-budget.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { createMemoryStore } from './memory-store.ts';

/** The limiters of a process: one for each user of each organization, whatever connections act in its name. */
export interface Limiters {
  /** How a connection finds its own, once it has a token. */
  forConnection(origin: string, tokens: TokenSource): (signal?: AbortSignal) => Promise<Limiter>;
}

/**
 * Makes them. The user is read from the access token (`oid`, or the app's id); where a token does not tell, its
 * connection counts as a user of its own. Processes that share `store` share each user's budget.
 */
export function createLimiters(
  { clock, store, uuid }: Pick<RuntimeServices, 'clock' | 'store' | 'uuid'>,
  overrides: Partial<ServiceLimits> = {},
): Limiters {
  const limits = { ...defaultServiceLimits, ...overrides };
  const limiters = new Map<string, Limiter>();
  const createForKey = (budgetStore: RuntimeServices['store'], key: string) =>
    createLimiter({ clock, limits, id: uuid(), budget: createSharedBudget(budgetStore, key) });
  const ofUser = (key: string) => {
    const limiter = limiters.get(key) ?? createForKey(store, key);
    limiters.set(key, limiter);
    return limiter;
  };
  return {
    forConnection(origin, tokens) {
      let ownLimiter: Limiter | undefined;
      return async (signal) => {
        if (ownLimiter !== undefined) return ownLimiter;
        const user = userIdFromToken((await tokens.getToken({ signal })).token.reveal());
        ownLimiter ??=
          user === undefined
            ? createForKey(createMemoryStore(), origin)
            : ofUser(`rate-limit/${origin}/${user}`);
        return ownLimiter;
      };
    },
  };
}

function userIdFromToken(token: string): string | undefined {
  const claims = decodeClaims(token);
  return readTextClaim(claims, 'oid') ?? readTextClaim(claims, 'appid') ?? readTextClaim(claims, 'azp');
}
