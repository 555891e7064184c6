import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import { type ClaimsChallenge, claimsRequired, readClaimsChallenge } from './claims-challenge.ts';
import { isFresh, isSameToken, isUsable, type TokenSet } from './token-set.ts';

/**
 * Returns tokens other than `rejected` and, if possible, fresh ones, with the claims of a challenge. It is never called
 * concurrently.
 */
export type RenewTokens = (
  rejected: AccessToken | undefined,
  challenge: ClaimsChallenge | undefined,
) => Promise<TokenSet>;

/** Tokens, and the claims that they were requested with. */
interface RenewedTokens {
  readonly tokens: TokenSet;
  readonly claims: string | undefined;
}

/** How long a caller without a deadline waits for a token. */
const maxWaitMs = 60_000;
/** The time between a failed renewal and the next one, while the old token is valid. */
const renewalPauseMs = 30_000;

/**
 * Creates a TokenSource that keeps the last token in memory and renews it after 80 % of its lifetime, once for all
 * concurrent callers. If a renewal fails with a retryable error, the old token is used as long as it is valid. Throws
 * RECONNECT_NEEDED if there is no token other than the rejected one, or CLAIMS_REQUIRED after a claims challenge.
 */
export function createCachedTokenSource(options: {
  readonly clock: Clock;
  readonly renew: RenewTokens;
}): TokenSource {
  const { clock, renew } = options;
  let cached: TokenSet | undefined;
  let cachedClaims: string | undefined;
  let renewal: Promise<RenewedTokens> | undefined;
  let pausedUntil = 0;

  async function renewNow(
    rejected: AccessToken | undefined,
    challenge: ClaimsChallenge | undefined,
  ): Promise<RenewedTokens> {
    try {
      cached = await renew(rejected, challenge);
      cachedClaims = challenge?.claims;
    } catch (error) {
      const isRetryable = error instanceof ConnectorError && error.retryable;
      if (!isRetryable || cached === undefined || !isUsable(cached, clock.now(), rejected)) throw error;
      pausedUntil = clock.now() + renewalPauseMs;
    }
    return { tokens: cached, claims: cachedClaims };
  }

  function canUse(tokens: TokenSet, rejected: AccessToken | undefined, now: number): boolean {
    const paused = now < pausedUntil && now >= pausedUntil - renewalPauseMs;
    return isFresh(tokens, now, rejected) || (paused && isUsable(tokens, now, rejected));
  }

  return {
    peekToken: (now) =>
      cached !== undefined && canUse(cached, undefined, now) ? cached.accessToken : undefined,
    async getToken({ rejectedToken, challenge: header, signal, deadline = clock.now() + maxWaitMs } = {}) {
      const challenge = readClaimsChallenge(header);
      const answers = (claims: string | undefined) => challenge === undefined || claims === challenge.claims;
      for (;;) {
        if (signal?.aborted) throw canceled();
        if (cached !== undefined && answers(cachedClaims) && canUse(cached, rejectedToken, clock.now()))
          return cached.accessToken;
        const isOwnRenewal = renewal === undefined;
        renewal ??= renewNow(rejectedToken, challenge).finally(() => {
          renewal = undefined;
        });
        const { tokens, claims } = await unlessTimedOut(clock, deadline, unlessAborted(renewal, signal));
        if (answers(claims) && !isSameToken(tokens.accessToken, rejectedToken)) return tokens.accessToken;
        // This caller joined a renewal that did not know about the rejection, so it starts another one.
        if (isOwnRenewal) throw challenge === undefined ? rejectedAgain() : claimsRequired(challenge);
      }
    },
  };
}

/** Waits for a shared promise. An abort ends only the wait of this caller. */
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

/** Waits for a shared promise until the deadline. The timeout ends only the wait of this caller. */
async function unlessTimedOut<T>(clock: Clock, deadline: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const waitMs = Math.max(0, deadline - clock.now());
  const timeout = clock.sleep(waitMs, timer.signal).then(
    () => Promise.reject(timedOut(waitMs)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([work, timeout]);
  } finally {
    timer.abort(tokenArrived);
  }
}

// With a reason, `abort` does not create a DOMException with a stack for each renewal.
const tokenArrived = 'the token arrived';

function timedOut(waitMs: number): ConnectorError {
  const seconds = Math.round(waitMs / 1000);
  return new ConnectorError(
    'TIMEOUT',
    `No access token was available within ${seconds} s; nothing was sent.`,
  );
}

function canceled(): ConnectorError {
  return new ConnectorError('ABORTED', 'The call was canceled while it waited for an access token.');
}

function rejectedAgain(): ConnectorError {
  return new ConnectorError(
    'RECONNECT_NEEDED',
    'The organization rejects the access token, and there is no newer one.',
  );
}
