import type { AccessToken, TokenSource } from '../model/token.ts';
import { createCachedTokens } from './cached-tokens.ts';
import { renewShared, rowOf, type SharedSignIn } from './shared-sign-in.ts';
import { type Account, isFor, readTokens, type TokenSet, writeTokens } from './tokens.ts';
import type { Vault } from './vault.ts';

/** Keeps what a sign-in brought, over whatever that connection had before. */
export async function keepTokens(vault: Vault, connection: string, tokens: TokenSet): Promise<void> {
  await vault.write(rowOf(connection), writeTokens(tokens));
}

/** Forgets the sign-in of a connection. */
export async function forgetTokens(vault: Vault, connection: string): Promise<void> {
  await vault.delete(rowOf(connection));
}

/** Who signed in to a connection; undefined when nobody did, or the authority did not say. */
export async function readAccount(vault: Vault, connection: string): Promise<Account | undefined> {
  const row = await vault.read(rowOf(connection));
  return row && readTokens(row.secret).account;
}

/** Tokens of a signed-in user, refreshed by exactly one of all processes that share the vault's store. */
export function createStoredTokens(signIn: SharedSignIn): TokenSource {
  return createCachedTokens({
    clock: signIn.clock,
    renew: (rejected) =>
      renewShared(signIn, {
        rejected,
        serves: (stored) => isFor(stored, signIn.scopes),
        // An answer need not repeat the refresh token or the account.
        keep: (stored, renewed) => ({ ...stored, ...renewed }),
        endsSignIn: true,
      }),
  });
}

/**
 * A token for another place out of the same sign-in: one refresh token is good for every organisation of the
 * user, and for the discovery service. The access token that is stored stays; a refresh token that came with
 * the answer takes the place of the old one, which an authority with strict rotation has just ended.
 */
export async function fetchOtherToken(signIn: SharedSignIn): Promise<AccessToken> {
  const { access } = await renewShared(signIn, {
    rejected: undefined,
    serves: () => false,
    keep: (stored, { refresh = stored.refresh }) => ({ ...stored, ...(refresh && { refresh }) }),
    // The other place may refuse what this one allows.
    endsSignIn: false,
  });
  return access;
}
