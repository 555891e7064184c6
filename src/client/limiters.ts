import { peekClaims, textClaim } from '../auth/jwt.ts';
import { createLimiter, type Limiter } from '../http/pace/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../http/pace/limits.ts';
import { createSharedBudget } from '../http/pace/shared-budget.ts';
import type { TokenSource } from '../model/token.ts';
import type { World } from '../model/world.ts';
import { createMemoryStore } from './memory-store.ts';

/** The limiters of a process: one for each user of each organisation, whatever connections act in its name. */
export interface Limiters {
  /** How a connection finds its own, once it has a token. */
  forConnection(origin: string, tokens: TokenSource): (signal?: AbortSignal) => Promise<Limiter>;
}

/**
 * Makes them. The user is read from the access token (`oid`, or the app's id); where a token does not tell, its
 * connection counts as a user of its own. Processes that share `world.store` share each user's budget.
 */
export function createLimiters(
  { clock, store, uuid }: Pick<World, 'clock' | 'store' | 'uuid'>,
  own: Partial<ServiceLimits> = {},
): Limiters {
  const limits = { ...defaultServiceLimits, ...own };
  const known = new Map<string, Limiter>();
  const create = (budgetOf: World['store'], key: string) =>
    createLimiter({ clock, limits, id: uuid(), budget: createSharedBudget(budgetOf, key) });
  const ofUser = (key: string) => {
    const limiter = known.get(key) ?? create(store, key);
    known.set(key, limiter);
    return limiter;
  };
  return {
    forConnection(origin, tokens) {
      let found: Limiter | undefined;
      return async (signal) => {
        if (found !== undefined) return found;
        const user = userOf((await tokens.get({ signal })).secret.reveal());
        found ??= user === undefined ? create(createMemoryStore(), origin) : ofUser(`pace/${origin}/${user}`);
        return found;
      };
    },
  };
}

function userOf(token: string): string | undefined {
  const claims = peekClaims(token);
  return textClaim(claims, 'oid') ?? textClaim(claims, 'appid') ?? textClaim(claims, 'azp');
}
