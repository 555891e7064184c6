import { ConnectorError } from '../errors/connector-error.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import type { Clock } from '../model/world.ts';
import { isFresh, isValid, sameToken, type TokenSet } from './tokens.ts';

/** Gets tokens that are newer than `rejected` and, where possible, fresh. Called by one caller at a time. */
export type Renew = (rejected: AccessToken | undefined) => Promise<TokenSet>;

/** After a failed renewal the old token, while it lasts, is not renewed again before this. */
const restMs = 30_000;

/**
 * A TokenSource that keeps the last token in memory and renews it from 80 % of its life on, once for all who
 * ask at the same time. A renewal that fails for a passing reason is not felt while the old token lasts.
 */
export function createCachedTokens(options: { readonly clock: Clock; readonly renew: Renew }): TokenSource {
  const { clock, renew } = options;
  let held: TokenSet | undefined;
  let renewal: Promise<TokenSet> | undefined;
  let restUntil = 0;

  async function renewNow(rejected: AccessToken | undefined): Promise<TokenSet> {
    try {
      held = await renew(rejected);
      return held;
    } catch (error) {
      const passing = error instanceof ConnectorError && error.retryable;
      if (!passing || held === undefined || !isValid(held, clock.now(), rejected)) throw error;
      restUntil = clock.now() + restMs;
      return held;
    }
  }

  function serves(tokens: TokenSet, rejected: AccessToken | undefined): boolean {
    const now = clock.now();
    return isFresh(tokens, now, rejected) || (now < restUntil && isValid(tokens, now, rejected));
  }

  return {
    async get({ rejected, signal } = {}) {
      for (;;) {
        if (signal?.aborted) throw cancelled();
        if (held !== undefined && serves(held, rejected)) return held.access;
        const mine = renewal === undefined;
        renewal ??= renewNow(rejected).finally(() => {
          renewal = undefined;
        });
        const tokens = await unlessAborted(renewal, signal);
        if (!sameToken(tokens.access, rejected)) return tokens.access;
        // We joined a renewal that did not know of the rejection; the next one is our own.
        if (mine) throw refusedAgain();
      }
    },
  };
}

/** Waits for a shared piece of work without ending it when one of those who wait gives up. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function cancelled(): ConnectorError {
  return new ConnectorError('ABORTED', 'The call was cancelled while it waited for an access token.');
}

function refusedAgain(): ConnectorError {
  return new ConnectorError(
    'RECONNECT_NEEDED',
    'The organisation refuses the access token, and there is no newer one.',
  );
}
