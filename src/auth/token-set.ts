import type { Json, JsonObject } from '../model/json.ts';
import { Secret } from '../model/secret.ts';
import type { AccessToken } from '../model/token.ts';
import { readTextClaim } from './jwt.ts';

/** Who signed in, for people: shown by hosts, never used to decide anything. */
export interface Account {
  /** Entra object id and tenant id. */
  readonly userId?: string;
  readonly tenantId?: string;
  readonly userName?: string;
  readonly name?: string;
}

/** What a token endpoint answered, with times on our clock (milliseconds since the epoch). */
export interface TokenSet {
  readonly accessToken: AccessToken;
  /** From here on a newer access token should be fetched: 80 % of its life. */
  readonly refreshAt: number;
  readonly refreshToken?: Secret;
  readonly account?: Account;
  /** What the access token was asked for; a sign-in is good for more than one place, a token is not. */
  readonly scopes?: readonly string[];
}

/** The account that an id token names (claims of the Microsoft identity platform, version 2). */
export function toAccount(claims: JsonObject): Account {
  const entries = { userId: 'oid', tenantId: 'tid', userName: 'preferred_username', name: 'name' };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([field, claim]) => {
      const value = readTextClaim(claims, claim);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** True when the access token was asked for with exactly these scopes. */
export function hasScopes(tokens: TokenSet, scopes: readonly string[]): boolean {
  return tokens.scopes?.join(' ') === scopes.join(' ');
}

/** True when both are the same token. */
export function isSameToken(a: AccessToken, b: AccessToken | undefined): boolean {
  return b !== undefined && a.token.reveal() === b.token.reveal();
}

/** True when the access token can be used at `now` and is not the one that was refused. */
export function isUsable(tokens: TokenSet, now: number, rejected?: AccessToken): boolean {
  return now < tokens.accessToken.expiresAt && !isSameToken(tokens.accessToken, rejected);
}

/** True when the access token is valid and young: nothing needs to be fetched. */
export function isFresh(tokens: TokenSet, now: number, rejected?: AccessToken): boolean {
  return now < tokens.refreshAt && isUsable(tokens, now, rejected);
}

/** Secret text of a token set, for the vault and nowhere else. */
export function serializeTokens(tokens: TokenSet): Secret {
  return new Secret(
    JSON.stringify({
      access: tokens.accessToken.token.reveal(),
      expiresAt: tokens.accessToken.expiresAt,
      refreshAt: tokens.refreshAt,
      ...(tokens.refreshToken === undefined ? {} : { refresh: tokens.refreshToken.reveal() }),
      ...(tokens.account === undefined ? {} : { account: tokens.account }),
      ...(tokens.scopes === undefined ? {} : { scopes: tokens.scopes }),
    }),
  );
}

/** The token set of `writeTokens`' text. The vault has proved that we wrote it, so its shape is trusted. */
export function parseTokens(text: Secret): TokenSet {
  const stored = JSON.parse(text.reveal()) as JsonObject;
  const refresh: Json | undefined = stored.refresh;
  return {
    accessToken: { token: new Secret(String(stored.access)), expiresAt: Number(stored.expiresAt) },
    refreshAt: Number(stored.refreshAt),
    ...(typeof refresh === 'string' ? { refreshToken: new Secret(refresh) } : {}),
    ...(stored.account === undefined ? {} : { account: stored.account as Account }),
    ...(stored.scopes === undefined ? {} : { scopes: stored.scopes as readonly string[] }),
  };
}
