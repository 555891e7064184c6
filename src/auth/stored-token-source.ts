import type { AccessToken, TokenSource } from '../model/token.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { renewSharedTokens, type SharedSignIn, tokensKey } from './renew-shared-tokens.ts';
import { type Account, hasScopes, parseTokens, serializeTokens, type TokenSet } from './token-set.ts';
import type { Vault } from './vault.ts';

/** Keeps what a sign-in brought, over whatever that connection had before. */
export async function saveTokens(vault: Vault, connection: string, tokens: TokenSet): Promise<void> {
  await vault.write(tokensKey(connection), serializeTokens(tokens));
}

/** Forgets the sign-in of a connection. */
export async function deleteTokens(vault: Vault, connection: string): Promise<void> {
  await vault.delete(tokensKey(connection));
}

/** Who signed in to a connection; undefined when nobody did, or the authority did not say. */
export async function readAccount(vault: Vault, connection: string): Promise<Account | undefined> {
  const row = await vault.read(tokensKey(connection));
  return row && parseTokens(row.secret).account;
}

/** Tokens of a signed-in user, refreshed by exactly one of all processes that share the vault's store. */
export function createStoredTokenSource(signIn: SharedSignIn): TokenSource {
  return createCachedTokenSource({
    clock: signIn.clock,
    renew: (rejected) =>
      renewSharedTokens(signIn, {
        rejected,
        accepts: (stored) => hasScopes(stored, signIn.scopes),
        // An answer need not repeat the refresh token or the account.
        merge: (stored, renewed) => ({ ...stored, ...renewed }),
        endsSignIn: true,
      }),
  });
}

/**
 * A token for another place out of the same sign-in: one refresh token is good for every organization of the
 * user, and for the discovery service. The access token that is stored stays; a refresh token that came with
 * the answer takes the place of the old one, which an authority with strict rotation has just ended.
 */
export async function fetchTokenForOtherResource(signIn: SharedSignIn): Promise<AccessToken> {
  const { accessToken } = await renewSharedTokens(signIn, {
    rejected: undefined,
    accepts: () => false,
    merge: (stored, { refreshToken = stored.refreshToken }) => ({
      ...stored,
      ...(refreshToken && { refreshToken }),
    }),
    // The other place may refuse what this one allows.
    endsSignIn: false,
  });
  return accessToken;
}
