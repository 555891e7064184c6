import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { answerChallenge, type ClaimsChallenge } from './claims-challenge.ts';
import { type Renewal, renewSharedTokens, type SharedSignIn, tokensKey } from './renew-shared-tokens.ts';
import { type Account, hasScopes, parseTokens, serializeTokens, type TokenSet } from './token-set.ts';
import type { Vault, VaultKey } from './vault.ts';

/** Stores the tokens of a sign-in, and replaces those that the connection had before. */
export async function saveTokens(vault: Vault, connection: string, tokens: TokenSet): Promise<void> {
  await vault.write(tokensKey(connection), serializeTokens(tokens));
  await vault.delete(claimsKey(connection));
}

/** Deletes the tokens of a connection. */
export async function deleteTokens(vault: Vault, connection: string): Promise<void> {
  await vault.delete(tokensKey(connection));
  await vault.delete(claimsKey(connection));
}

/** Returns the user of a connection; undefined if no user has signed in, or there was no id token. */
export async function readAccount(vault: Vault, connection: string): Promise<Account | undefined> {
  const row = await vault.read(tokensKey(connection));
  return row && parseTokens(row.secret).account;
}

/**
 * Creates the token source of a signed-in user. Its tokens are refreshed by exactly one of all processes that share the
 * vault's store.
 */
export function createStoredTokenSource(signIn: SharedSignIn): TokenSource {
  return createCachedTokenSource({
    clock: signIn.clock,
    renew: (rejected, challenge) =>
      challenge === undefined
        ? renewSharedTokens(signIn, { ...renewalFor(signIn, undefined), rejected })
        : renewForChallenge(signIn, rejected, challenge),
  });
}

function renewalFor({ scopes }: SharedSignIn, claims: string | undefined): Omit<Renewal, 'rejected'> {
  return {
    claims,
    accepts: (stored) => hasScopes(stored, scopes) && (claims === undefined || stored.claims === claims),
    // A refresh response may come without refresh token and account.
    merge: (stored, renewed) => ({ ...stored, ...renewed, claims }),
    // Without the claims, the sign-in may go on.
    endsSignIn: claims === undefined,
  };
}

/** If only a person can satisfy the challenge, it is kept for the next sign-in of this connection. */
async function renewForChallenge(
  signIn: SharedSignIn,
  rejected: AccessToken | undefined,
  challenge: ClaimsChallenge,
): Promise<TokenSet> {
  try {
    return await answerChallenge(challenge, () =>
      renewSharedTokens(signIn, { ...renewalFor(signIn, challenge.claims), rejected }),
    );
  } catch (error) {
    if (ConnectorError.is(error) && error.code === 'CLAIMS_REQUIRED')
      await signIn.vault.write(claimsKey(signIn.connection), new Secret(challenge.claims));
    throw error;
  }
}

/** The claims that the next sign-in of a connection has to ask for. */
export async function readRequiredClaims(vault: Vault, connection: string): Promise<string | undefined> {
  return (await vault.read(claimsKey(connection)))?.secret.reveal();
}

function claimsKey(connection: string): VaultKey {
  return { connection, field: 'claims' };
}

/**
 * Requests an access token for another resource with the same sign-in. One refresh token is valid for all organizations
 * of the user and for the discovery service. The stored access token is kept. A new refresh token replaces the stored
 * one, because an authority with strict rotation has revoked the old one.
 */
export async function fetchTokenForOtherResource(signIn: SharedSignIn): Promise<AccessToken> {
  const { accessToken } = await renewSharedTokens(signIn, {
    rejected: undefined,
    accepts: () => false,
    merge: (stored, { refreshToken = stored.refreshToken }) => ({ ...stored, refreshToken }),
    // A rejection for the other resource says nothing about this one.
    endsSignIn: false,
  });
  return accessToken;
}
