import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { Secret } from '../model/secret.ts';
import type { AccessToken } from '../model/token.ts';
import type { OAuthClient } from './oauth-client.ts';
import { authorityTimeoutMs } from './send-to-authority.ts';
import { isFresh, isUsable, parseTokens, serializeTokens, type TokenSet } from './token-set.ts';
import type { Vault, VaultEntry, VaultKey } from './vault.ts';

/** Longer than a token request can take, so that the holder has finished or died when its lease expires. */
const leaseMs = authorityTimeoutMs + 10_000;
const leasePollMs = 250;

/** The sign-in of a user that several processes share. `connection` is the name of its row in the vault. */
export interface SharedSignIn {
  readonly oauth: OAuthClient;
  /** The scopes to request tokens for. */
  readonly scopes: readonly string[];
  readonly vault: Vault;
  readonly connection: string;
  readonly clock: Clock;
  /** Returns a new random id for a lease. */
  readonly uuid: () => string;
}

/** The rules of one renewal. */
export interface Renewal {
  /** The access token that the organization rejected. It is not returned again. */
  readonly rejected: AccessToken | undefined;
  /** True if the stored access token has the requested scopes. */
  readonly accepts: (stored: TokenSet) => boolean;
  /** Returns the tokens to store after a successful request. */
  readonly merge: (stored: TokenSet, renewed: TokenSet) => TokenSet;
  /** Whether a final rejection is saved in the row, so that no process sends the refresh token again. */
  readonly endsSignIn: boolean;
  /** What the token must have, from a claims challenge. */
  readonly claims?: string;
}

/**
 * Returns tokens that exactly one of all processes that share the vault's store requests:
 *
 * 1. Read the row. If its token can be used, return it.
 * 2. Take the lease by replacing the row at the version that was read, so that only one process can take it.
 * 3. Send the token request, which times out before the lease expires.
 * 4. Write the result only if the row still has our lease. Otherwise start again with the row.
 *
 * Throws RECONNECT_NEEDED or CONSENT_REQUIRED if the user must sign in again, and the errors of the authority.
 */
export async function renewSharedTokens(signIn: SharedSignIn, renewal: Renewal): Promise<TokenSet> {
  for (;;) {
    const row = await signIn.vault.read(tokensKey(signIn.connection));
    if (row === undefined) {
      throw new ConnectorError('RECONNECT_NEEDED', 'No user has signed in to this connection.');
    }
    const now = signIn.clock.now();
    const step = nextStep(row, renewal, now);
    if ('tokens' in step) return step.tokens;
    if ('waitMs' in step) {
      await signIn.clock.sleep(step.waitMs);
      continue;
    }
    const lease = await takeLease(signIn, row, now);
    if (lease === undefined) continue;
    const renewed = await renewUnderLease(signIn, renewal, { ...step.renew, lease });
    if (renewed !== undefined) return renewed;
  }
}

/** Returns the vault key of a connection's sign-in. */
export function tokensKey(connection: string): VaultKey {
  return { connection, field: 'tokens' };
}

/** What to do with a row: return its tokens, wait for the process that has the lease, or renew the tokens. */
type RenewalStep =
  | { readonly tokens: TokenSet }
  | { readonly waitMs: number }
  | { readonly renew: { readonly stored: TokenSet; readonly refreshToken: Secret } };

function nextStep(row: VaultEntry, { accepts, rejected }: Renewal, now: number): RenewalStep {
  const stored = parseTokens(row.secret);
  const { refreshToken } = stored;
  const isAccepted = accepts(stored);
  if (isAccepted && isFresh(stored, now, rejected)) return { tokens: stored };
  const leasedUntil = readLeaseEnd(row.note, now);
  const canRenew = refreshToken !== undefined && !hasEnded(row.note) && leasedUntil <= now;
  // A token that is still valid is used if no newer one can be requested, or while another process requests one.
  if (!canRenew && isAccepted && isUsable(stored, now, rejected)) return { tokens: stored };
  if (hasEnded(row.note)) throw toEndedError(row.note);
  if (refreshToken === undefined) throw missingRefreshToken();
  if (leasedUntil > now) return { waitMs: Math.min(leasePollMs, leasedUntil - now) };
  return { renew: { stored, refreshToken } };
}

/** Returns the id of the new lease, or undefined if another process has changed the row. */
async function takeLease(
  { vault, connection, uuid }: SharedSignIn,
  row: VaultEntry,
  now: number,
): Promise<string | undefined> {
  const lease = uuid();
  const note = { lease, leasedUntil: now + leaseMs };
  const taken = await vault.replace(tokensKey(connection), { secret: row.secret, note }, row.version);
  return taken ? lease : undefined;
}

/** Returns the new tokens, or undefined if the row has to be read again: the lease was lost, or the sign-in ended. */
async function renewUnderLease(
  signIn: SharedSignIn,
  { merge, endsSignIn, claims }: Renewal,
  held: { readonly lease: string; readonly stored: TokenSet; readonly refreshToken: Secret },
): Promise<TokenSet | undefined> {
  try {
    const renewed = await signIn.oauth.refreshTokens(held.refreshToken, signIn.scopes, claims);
    const secret = serializeTokens(merge(held.stored, renewed));
    const committed = await commitLease(signIn, held.lease, () => ({ secret, note: {} }));
    return committed ? renewed : undefined;
  } catch (error) {
    const note = endsSignIn && error instanceof ConnectorError && isFinal(error) ? toEndNote(error) : {};
    const committed = await commitLease(signIn, held.lease, (row) => ({ secret: row.secret, note }));
    // If the lease was lost, another process has newer tokens or requests them now, so the row is read again.
    if (committed && !hasEnded(note)) throw error;
    return undefined;
  }
}

/** Writes the row and releases the lease. Returns false if the row no longer has our lease. */
async function commitLease(
  { vault, connection }: SharedSignIn,
  lease: string,
  change: (row: VaultEntry) => Omit<VaultEntry, 'version'>,
): Promise<boolean> {
  for (;;) {
    const row = await vault.read(tokensKey(connection));
    if (row === undefined || row.note.lease !== lease) return false;
    // A key rotation changes the version but keeps the lease. In this case the row is read again.
    if (await vault.replace(tokensKey(connection), change(row), row.version)) return true;
  }
}

/** True if only a new sign-in helps: the refresh token is invalid, or the user must consent or verify again. */
function isFinal({ code }: ConnectorError): boolean {
  return code === 'RECONNECT_NEEDED' || code === 'CONSENT_REQUIRED';
}

function toEndNote({ code, message, details }: ConnectorError): JsonObject {
  const { serverCode, advice } = details;
  return { ended: code, because: message, serverCode: serverCode ?? null, advice: advice ?? null };
}

function hasEnded({ ended }: JsonObject): boolean {
  return ended === 'RECONNECT_NEEDED' || ended === 'CONSENT_REQUIRED';
}

function toEndedError({ ended, because, serverCode, advice }: JsonObject): ConnectorError {
  return new ConnectorError(ended as 'RECONNECT_NEEDED' | 'CONSENT_REQUIRED', String(because), {
    serverCode: typeof serverCode === 'string' ? serverCode : undefined,
    advice: typeof advice === 'string' ? advice : undefined,
  });
}

/**
 * A lease that ends later than one can was written by a clock that ran ahead, so it does not count. The clocks of two
 * machines may differ by half a minute.
 */
function readLeaseEnd({ leasedUntil }: JsonObject, now: number): number {
  return typeof leasedUntil === 'number' && leasedUntil <= now + 2 * leaseMs ? leasedUntil : 0;
}

function missingRefreshToken(): ConnectorError {
  return new ConnectorError('RECONNECT_NEEDED', 'The sign-in has expired, and it has no refresh token.', {
    advice:
      'Sign in again. To stay signed in, the scope offline_access must be requested, and the user must consent to it.',
  });
}
