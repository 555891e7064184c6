import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import { isFresh, isSameToken, isUsable, type TokenSet } from './token-set.ts';

/** Gets tokens that are newer than `rejected` and, where possible, fresh. Called by one caller at a time. */
export type RenewTokens = (rejected: AccessToken | undefined) => Promise<TokenSet>;

/** After a failed renewal the old token, while it lasts, is not renewed again before this. */
const renewalPauseMs = 30_000;

/**
 * A TokenSource that keeps the last token in memory and renews it from 80 % of its life on, once for all who
 * ask at the same time. A renewal that fails for a passing reason is not felt while the old token lasts.
 */
export function createCachedTokenSource(options: {
  readonly clock: Clock;
  readonly renew: RenewTokens;
}): TokenSource {
  const { clock, renew } = options;
  let cached: TokenSet | undefined;
  let renewal: Promise<TokenSet> | undefined;
  let pausedUntil = 0;

  async function renewNow(rejected: AccessToken | undefined): Promise<TokenSet> {
    try {
      cached = await renew(rejected);
      return cached;
    } catch (error) {
      const passing = error instanceof ConnectorError && error.retryable;
      if (!passing || cached === undefined || !isUsable(cached, clock.now(), rejected)) throw error;
      pausedUntil = clock.now() + renewalPauseMs;
      return cached;
    }
  }

  function canUse(tokens: TokenSet, rejected: AccessToken | undefined): boolean {
    const now = clock.now();
    return isFresh(tokens, now, rejected) || (now < pausedUntil && isUsable(tokens, now, rejected));
  }

  return {
    async getToken({ rejectedToken, signal } = {}) {
      for (;;) {
        if (signal?.aborted) throw canceled();
        if (cached !== undefined && canUse(cached, rejectedToken)) return cached.accessToken;
        const isOwnRenewal = renewal === undefined;
        renewal ??= renewNow(rejectedToken).finally(() => {
          renewal = undefined;
        });
        const tokens = await unlessAborted(renewal, signal);
        if (!isSameToken(tokens.accessToken, rejectedToken)) return tokens.accessToken;
        // We joined a renewal that did not know of the rejection; the next one is our own.
        if (isOwnRenewal) throw rejectedAgain();
      }
    },
  };
}

/** Waits for a shared piece of work without ending it when one of those who wait gives up. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(canceled());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function canceled(): ConnectorError {
  return new ConnectorError('ABORTED', 'The call was canceled while it waited for an access token.');
}

function rejectedAgain(): ConnectorError {
  return new ConnectorError(
    'RECONNECT_NEEDED',
    'The organization refuses the access token, and there is no newer one.',
  );
}
