import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { Secret } from '../model/secret.ts';
import type { AccessToken } from '../model/token.ts';
import type { OAuthClient } from './oauth-client.ts';
import { authorityTimeoutMs } from './send-to-authority.ts';
import { isFresh, isUsable, parseTokens, serializeTokens, type TokenSet } from './token-set.ts';
import type { Vault, VaultEntry, VaultKey } from './vault.ts';

/** Longer than a token request can take, so that a holder has finished or died when its lease is over. */
const leaseMs = authorityTimeoutMs + 10_000;
const leasePollMs = 250;

/** A user's sign-in that several processes share; `connection` names its row in the vault. */
export interface SharedSignIn {
  readonly oauth: OAuthClient;
  /** What to ask tokens for. */
  readonly scopes: readonly string[];
  readonly vault: Vault;
  readonly connection: string;
  readonly clock: Clock;
  /** Fresh random ids, for leases. */
  readonly uuid: () => string;
}

/** What a renewal is for. */
export interface Renewal {
  /** The token that was refused, and must not be answered again. */
  readonly rejected: AccessToken | undefined;
  /** Whether the stored access token is of the wanted kind at all. */
  readonly accepts: (stored: TokenSet) => boolean;
  /** What is stored when the authority has answered. */
  readonly merge: (stored: TokenSet, renewed: TokenSet) => TokenSet;
  /** Whether a refusal for good is marked in the row, so that nobody asks again with it. */
  readonly endsSignIn: boolean;
}

/**
 * New tokens, asked for by exactly one of all processes that share the vault's store:
 *
 * 1. read the row; a token there that serves ends the matter;
 * 2. take the lease by replacing the row at the version just read: whoever wins has, by that, read it last;
 * 3. ask the token endpoint, for less time than the lease lasts;
 * 4. write the answer only while the lease in the row is still ours; otherwise begin again with the row.
 */
export async function renewSharedTokens(signIn: SharedSignIn, renewal: Renewal): Promise<TokenSet> {
  const { vault, connection, clock, uuid } = signIn;
  for (;;) {
    const row = await vault.read(tokensKey(connection));
    if (row === undefined) {
      throw new ConnectorError('RECONNECT_NEEDED', 'Nobody has signed in to this connection yet.');
    }
    const stored = parseTokens(row.secret);
    const now = clock.now();
    const serves = renewal.accepts(stored);
    if (serves && isFresh(stored, now, renewal.rejected)) return stored;
    const leasedUntil = readNumber(row.note, 'leasedUntil');
    const canRenew = stored.refreshToken !== undefined && !hasEnded(row.note) && leasedUntil <= now;
    // What still works is good enough when nothing newer can be had, or while somebody else fetches it.
    if (!canRenew && serves && isUsable(stored, now, renewal.rejected)) return stored;
    if (hasEnded(row.note)) throw toEndedError(row.note);
    if (stored.refreshToken === undefined) throw missingRefreshToken();
    if (leasedUntil > now) {
      await clock.sleep(Math.min(leasePollMs, leasedUntil - now));
      continue;
    }
    const lease = uuid();
    const note = { lease, leasedUntil: now + leaseMs };
    if (!(await vault.replace(tokensKey(connection), { secret: row.secret, note }, row.version))) continue;
    const renewed = await renewUnderLease(signIn, renewal, {
      lease,
      stored,
      refresh: stored.refreshToken,
    });
    if (renewed !== undefined) return renewed;
  }
}

/** The row of a connection's sign-in. */
export function tokensKey(connection: string): VaultKey {
  return { connection, field: 'tokens' };
}

/** The new tokens, or undefined when the row has to be read again: the lease was lost, or the sign-in ended. */
async function renewUnderLease(
  signIn: SharedSignIn,
  { merge, endsSignIn }: Renewal,
  held: { readonly lease: string; readonly stored: TokenSet; readonly refresh: Secret },
): Promise<TokenSet | undefined> {
  try {
    const renewed = await signIn.oauth.refreshTokens(held.refresh, signIn.scopes);
    const kept = merge(held.stored, renewed);
    const ours = await commitLease(signIn, held.lease, () => ({ secret: serializeTokens(kept), note: {} }));
    return ours ? renewed : undefined;
  } catch (error) {
    const end = endsSignIn && error instanceof ConnectorError && isFinal(error) ? toEndNote(error) : {};
    const ours = await commitLease(signIn, held.lease, (row) => ({ secret: row.secret, note: end }));
    // When the lease was lost, somebody has newer tokens or tries at this moment: the row decides, not this error.
    if (ours && !hasEnded(end)) throw error;
    return undefined;
  }
}

/** Writes the row and gives the lease back, if the row still carries our lease. */
async function commitLease(
  { vault, connection }: SharedSignIn,
  lease: string,
  change: (row: VaultEntry) => Omit<VaultEntry, 'version'>,
): Promise<boolean> {
  for (;;) {
    const row = await vault.read(tokensKey(connection));
    if (row === undefined || row.note.lease !== lease) return false;
    // The version moves without the lease when the vault is rotated; then the row is looked at again.
    if (await vault.replace(tokensKey(connection), change(row), row.version)) return true;
  }
}

/** Only a new sign-in helps: the refresh token itself is no good, or the user has to agree or prove something. */
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
    ...(typeof serverCode === 'string' ? { serverCode } : {}),
    ...(typeof advice === 'string' ? { advice } : {}),
  });
}

function readNumber(note: JsonObject, name: string): number {
  const value = note[name];
  return typeof value === 'number' ? value : 0;
}

function missingRefreshToken(): ConnectorError {
  return new ConnectorError('RECONNECT_NEEDED', 'The sign-in has ended, and it brought no refresh token.', {
    advice: 'Sign in again; to stay signed in the scope offline_access must be asked for and granted.',
  });
}
