import { ConnectorError } from '../errors/connector-error.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import type { Clock, StateStore } from '../model/runtime-services.ts';
import { getEndpoints, isTenantId, parseIssuerTenant } from './authority.ts';
import { createPkceParameters } from './create-oauth-client.ts';
import type { OAuthClient } from './oauth-client.ts';
import { type PendingSignIn, savePendingSignIn, takePendingSignIn } from './pending-sign-in.ts';
import type { TokenSet } from './token-set.ts';

export interface StartSignInOptions {
  /** Registered in Entra, character by character: https, or http to this machine. */
  readonly redirectUri: string;
  /** The host's session of the browser that starts (a cookie's value); the same one must come back. */
  readonly session?: string;
  /** Account to offer on the sign-in page. */
  readonly loginHint?: string;
  readonly prompt?: 'select_account' | 'consent';
}

/** Signing a user in by browser: authorization code with PKCE (RFC 6749, 7636, 9700; OpenID Connect). */
export interface AuthorizationCodeSignIn {
  /** Where to send the browser. `state` is also in the url; it is good for one return within ten minutes. */
  start(request: StartSignInOptions): Promise<{ readonly url: string; readonly state: string }>;
  /** Takes the address that the browser came back to. Nothing is sent before everything in it is found right. */
  finish(callbackUrl: string, options?: { readonly session?: string }): Promise<TokenSet>;
}

/** Any process that shares the store may finish what another started. */
export function createAuthorizationCodeSignIn(options: {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly store: StateStore;
  readonly clock: Clock;
}): AuthorizationCodeSignIn {
  const { oauth, scopes } = options;
  const { app, authority } = oauth;
  const purpose = JSON.stringify([authority.origin, authority.tenant, app.clientId, scopes]);

  return {
    async start({ redirectUri, session, loginHint, prompt }) {
      checkRedirectUri(redirectUri);
      const { state, nonce, verifier, challenge } = await createPkceParameters();
      const url = new URL(getEndpoints(authority).authorize);
      url.search = new URLSearchParams({
        client_id: app.clientId,
        response_type: 'code',
        response_mode: 'query',
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state,
        nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
        ...(prompt === undefined ? {} : { prompt }),
      }).toString();
      const pending = {
        redirectUri,
        nonce,
        codeVerifier: verifier,
        purpose,
        ...(session === undefined ? {} : { session }),
      };
      await savePendingSignIn(options, state, pending);
      return { url: url.href, state };
    },

    async finish(callbackUrl, { session } = {}) {
      const callback = readCallback(callbackUrl);
      const state = callback.searchParams.get('state');
      if (state === null || state === '') throw invalidSignIn('The address has no state.');
      const pending = await takePendingSignIn(options, state);
      checkCallback(pending, { purpose, session, callback });
      checkIssuer(oauth, callback.searchParams.get('iss'));
      const { redirectUri, nonce, codeVerifier } = pending;
      return oauth.redeemAuthorizationCode({
        callbackParameters: callback.searchParams,
        state,
        nonce,
        codeVerifier,
        redirectUri,
        scopes,
      });
    },
  };
}

function checkRedirectUri(redirectUri: string): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const local = url?.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || local) || url.hash !== '' || url.username !== '') {
    throw new ConnectorError('CONNECTION_INVALID', 'The redirect URI cannot be used.', {
      advice: 'Use an https address, or http://localhost on this machine, without user name and fragment.',
    });
  }
}

function readCallback(callbackUrl: string): URL {
  if (!URL.canParse(callbackUrl)) throw invalidSignIn('It is not an address.');
  const url = new URL(callbackUrl);
  const names = [...url.searchParams.keys()];
  if (new Set(names).size !== names.length) throw invalidSignIn('The address gives a parameter twice.');
  if (!names.includes('code') && !names.includes('error')) throw invalidSignIn('The address has no code.');
  return url;
}

function checkCallback(
  pending: PendingSignIn,
  now: { readonly purpose: string; readonly session: string | undefined; readonly callback: URL },
): void {
  if (pending.purpose !== now.purpose) throw invalidSignIn('It was started for another connection.');
  if (pending.session !== now.session) throw invalidSignIn('It was started in another browser session.');
  const expected = new URL(pending.redirectUri);
  if (expected.origin !== now.callback.origin || expected.pathname !== now.callback.pathname) {
    throw invalidSignIn('It came back to another address than the redirect URI.');
  }
  for (const [name, value] of expected.searchParams) {
    if (now.callback.searchParams.get(name) !== value)
      throw invalidSignIn('The redirect URI lost a parameter.');
  }
}

/** RFC 9207: an answer that names its issuer must name ours, or it was mixed up with another authority's. */
function checkIssuer({ authority }: OAuthClient, issuer: string | null): void {
  if (issuer === null) return;
  const tenant = parseIssuerTenant(authority, issuer);
  if (tenant === undefined || (isTenantId(authority.tenant) && tenant !== authority.tenant)) {
    throw invalidSignIn('It was answered by another authority.');
  }
}

function invalidSignIn(reason: string): ConnectorError {
  return new ConnectorError('SIGN_IN_INVALID', `The sign-in cannot be finished. ${reason}`);
}
