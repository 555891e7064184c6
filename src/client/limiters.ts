import { readCallerId } from '../auth/caller-id.ts';
import type { FindLimiter } from '../http/policies/rate-limit.ts';
import { createLimiter, type Limiter } from '../http/rate-limit/limiter.ts';
import type { LimitSettings } from '../http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../http/rate-limit/shared-budget.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { createMemoryStore } from './memory-store.ts';

/** The limiters of a process: one for each user of each organization, whatever connections act in its name. */
export interface Limiters {
  /** How a connection finds its own, once it has a token. `limits` replaces those of the process. */
  forConnection(origin: string, tokens: TokenSource, limits?: LimitSettings): FindLimiter;
}

/**
 * Makes them. The user is read from the access token (`oid`, or the app's id); where a token does not tell, its
 * connection counts as a user of its own. Processes that share `store` share each user's budget.
 */
export function createLimiters(
  { clock, store, uuid }: Pick<RuntimeServices, 'clock' | 'store' | 'uuid'>,
  processLimits: LimitSettings = {},
): Limiters {
  const limiters = new Map<string, Limiter>();
  const createForKey = (budgetStore: RuntimeServices['store'], key: string, limits: LimitSettings) =>
    createLimiter({ clock, limits, id: uuid(), budget: createSharedBudget(budgetStore, key) });
  // Limiters of one user share the user's budget in the store, whatever limits each keeps to.
  const ofUser = (key: string, limits: LimitSettings) => {
    const name = `${key} ${JSON.stringify(limits)}`;
    const limiter = limiters.get(name) ?? createForKey(store, key, limits);
    limiters.set(name, limiter);
    return limiter;
  };
  return {
    forConnection(origin, tokens, limits = processLimits) {
      let ownLimiter: Limiter | undefined;
      const find: FindLimiter = async ({ signal, deadline }) => {
        if (ownLimiter !== undefined) return ownLimiter;
        const user = readCallerId(await tokens.getToken({ signal, deadline }));
        ownLimiter ??=
          user === undefined
            ? createForKey(createMemoryStore(), origin, limits)
            : ofUser(`rate-limit/${origin}/${user}`, limits);
        return ownLimiter;
      };
      return Object.assign(find, { current: () => ownLimiter });
    },
  };
}
