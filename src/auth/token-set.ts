import type { Json, JsonObject } from '../model/json.ts';
import { Secret } from '../model/secret.ts';
import type { AccessToken } from '../model/token.ts';
import { readTextClaim } from './jwt.ts';

/** The signed-in user, for display. It is never used for a decision. */
export interface Account {
  /** Object id and tenant id in Microsoft Entra. */
  readonly userId?: string;
  readonly tenantId?: string;
  readonly userName?: string;
  readonly name?: string;
}

/** The tokens of a token response. Times in milliseconds since the epoch, by our clock. */
export interface TokenSet {
  readonly accessToken: AccessToken;
  /** The access token is renewed after this time: 80 % of its lifetime. */
  readonly refreshAt: number;
  readonly refreshToken?: Secret;
  readonly account?: Account;
  /** The scopes of the access token. A sign-in is valid for several organizations, an access token only for one. */
  readonly scopes?: readonly string[];
  /** The claims that the access token was requested with, after a claims challenge. */
  readonly claims?: string;
}

/** Reads the account from the claims of an id token (Microsoft identity platform, version 2). */
export function toAccount(claims: JsonObject): Account {
  return {
    userId: readTextClaim(claims, 'oid'),
    tenantId: readTextClaim(claims, 'tid'),
    userName: readTextClaim(claims, 'preferred_username'),
    name: readTextClaim(claims, 'name'),
  };
}

/** True if the access token was requested with exactly these scopes. */
export function hasScopes(tokens: TokenSet, scopes: readonly string[]): boolean {
  return tokens.scopes?.join(' ') === scopes.join(' ');
}

/** True if both are the same token. */
export function isSameToken(a: AccessToken, b: AccessToken | undefined): boolean {
  return b !== undefined && a.token.reveal() === b.token.reveal();
}

/** True if the access token is valid at `now` and is not the rejected one. */
export function isUsable(tokens: TokenSet, now: number, rejected?: AccessToken): boolean {
  return now < tokens.accessToken.expiresAt && !isSameToken(tokens.accessToken, rejected);
}

/** True if the access token can be used and need not be renewed yet. */
export function isFresh(tokens: TokenSet, now: number, rejected?: AccessToken): boolean {
  return now < tokens.refreshAt && isUsable(tokens, now, rejected);
}

/** Serializes a token set for the vault. */
export function serializeTokens(tokens: TokenSet): Secret {
  return new Secret(
    JSON.stringify({
      access: tokens.accessToken.token.reveal(),
      expiresAt: tokens.accessToken.expiresAt,
      refreshAt: tokens.refreshAt,
      refresh: tokens.refreshToken?.reveal(),
      account: tokens.account,
      scopes: tokens.scopes,
      claims: tokens.claims,
    }),
  );
}

/** Parses the text of `serializeTokens`. The vault authenticates it, so its structure is not checked. */
export function parseTokens(text: Secret): TokenSet {
  const stored = JSON.parse(text.reveal()) as JsonObject;
  const refresh: Json | undefined = stored.refresh;
  return {
    accessToken: { token: new Secret(String(stored.access)), expiresAt: Number(stored.expiresAt) },
    refreshAt: Number(stored.refreshAt),
    refreshToken: typeof refresh === 'string' ? new Secret(refresh) : undefined,
    account: stored.account as Account | undefined,
    scopes: stored.scopes as readonly string[] | undefined,
    claims: stored.claims as string | undefined,
  };
}
