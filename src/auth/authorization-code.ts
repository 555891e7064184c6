import { ConnectorError } from '../errors/connector-error.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Clock, StateStore } from '../model/runtime-services.ts';
import { getEndpoints, isTenantId, parseIssuerTenant } from './authority.ts';
import { createPkceParameters } from './create-oauth-client.ts';
import type { OAuthClient } from './oauth-client.ts';
import { type PendingSignIn, savePendingSignIn, takePendingSignIn } from './pending-sign-in.ts';
import type { TokenSet } from './token-set.ts';

export interface StartSignInOptions {
  /** The redirect URI, exactly as it is registered in Entra: https, or http to this machine. */
  readonly redirectUri: string;
  /** The host's session of the browser, such as the value of a cookie. `finish` requires the same value. */
  readonly session?: string;
  /** User name that the sign-in page suggests. */
  readonly loginHint?: string;
  readonly prompt?: 'select_account' | 'consent';
}

/** The sign-in of a user by browser: authorization code with PKCE (RFC 6749, 7636, 9700; OpenID Connect). */
export interface AuthorizationCodeSignIn {
  /** Returns the URL to which the host sends the browser. Its `state` can be used once, within ten minutes. */
  start(request: StartSignInOptions): Promise<{ readonly url: string; readonly state: string }>;
  /**
   * Redeems the code in the URL to which the browser was redirected. Throws SIGN_IN_INVALID, before anything is sent, if
   * a parameter of the URL is wrong.
   */
  finish(callbackUrl: string, options?: { readonly session?: string }): Promise<TokenSet>;
}

/** The parts of a sign-in. Processes that share the store can finish each other's sign-ins. */
export interface AuthorizationCodeOptions {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly store: StateStore;
  readonly clock: Clock;
  /** What the sign-in must satisfy, from a claims challenge. */
  readonly claims?: string;
}

/** Creates the browser sign-in of one app to one authority. */
export function createAuthorizationCodeSignIn(options: AuthorizationCodeOptions): AuthorizationCodeSignIn {
  return {
    start: (request) => startSignIn(options, request),
    finish: (callbackUrl, { session } = {}) => finishSignIn(options, callbackUrl, session),
  };
}

async function startSignIn(
  options: AuthorizationCodeOptions,
  { redirectUri, session, loginHint, prompt }: StartSignInOptions,
): Promise<{ readonly url: string; readonly state: string }> {
  checkRedirectUri(redirectUri);
  const { app, authority } = options.oauth;
  const { state, nonce, verifier, challenge } = await createPkceParameters();
  const url = new URL(getEndpoints(authority).authorize);
  const parameters = omitUndefined<Record<string, string | undefined>>({
    client_id: app.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: options.scopes.join(' '),
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    login_hint: loginHint,
    prompt,
    claims: options.claims,
  });
  url.search = new URLSearchParams(parameters).toString();
  const pending = { redirectUri, nonce, codeVerifier: verifier, purpose: getPurpose(options), session };
  await savePendingSignIn(options, state, pending);
  return { url: url.href, state };
}

async function finishSignIn(
  options: AuthorizationCodeOptions,
  callbackUrl: string,
  session: string | undefined,
): Promise<TokenSet> {
  const { oauth, scopes } = options;
  const callback = readCallback(callbackUrl);
  const state = callback.searchParams.get('state');
  if (state === null || state === '') throw invalidSignIn('The callback URL has no state.');
  const pending = await takePendingSignIn(options, state);
  checkPurpose(pending, { purpose: getPurpose(options), session });
  checkRedirect(pending, callback);
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
}

/** Identifies authority, app and scopes, so that a sign-in is not finished as another connection. */
function getPurpose({ oauth: { authority, app }, scopes }: AuthorizationCodeOptions): string {
  return JSON.stringify([authority.origin, authority.tenant, app.clientId, scopes]);
}

function checkRedirectUri(redirectUri: string): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const isLocal = url?.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (
    url === undefined ||
    !(url.protocol === 'https:' || isLocal) ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    throw new ConnectorError('CONNECTION_INVALID', 'The redirect URI is not valid.', {
      advice:
        'Use an https URL, or http://localhost for this machine, without user name and without fragment.',
    });
  }
}

function readCallback(callbackUrl: string): URL {
  if (!URL.canParse(callbackUrl)) throw invalidSignIn('The callback URL is not a URL.');
  const url = new URL(callbackUrl);
  const names = [...url.searchParams.keys()];
  if (new Set(names).size !== names.length) throw invalidSignIn('The callback URL has a parameter twice.');
  if (!names.includes('code') && !names.includes('error'))
    throw invalidSignIn('The callback URL has no code.');
  return url;
}

function checkPurpose(
  pending: PendingSignIn,
  current: { readonly purpose: string; readonly session: string | undefined },
): void {
  if (pending.purpose !== current.purpose) throw invalidSignIn('It was started for another connection.');
  if (pending.session !== current.session) throw invalidSignIn('It was started in another browser session.');
}

function checkRedirect(pending: PendingSignIn, callback: URL): void {
  const expected = new URL(pending.redirectUri);
  if (expected.origin !== callback.origin || expected.pathname !== callback.pathname) {
    throw invalidSignIn('The callback URL is not the redirect URI.');
  }
  for (const [name, value] of expected.searchParams) {
    if (callback.searchParams.get(name) !== value)
      throw invalidSignIn('The callback URL lacks a parameter of the redirect URI.');
  }
}

/** RFC 9207: the issuer in the callback must be ours. Otherwise the code comes from another authority (mix-up attack). */
function checkIssuer({ authority }: OAuthClient, issuer: string | null): void {
  if (issuer === null) return;
  const tenant = parseIssuerTenant(authority, issuer);
  if (tenant === undefined || (isTenantId(authority.tenant) && tenant !== authority.tenant)) {
    throw invalidSignIn('The response comes from another authority.');
  }
}

function invalidSignIn(reason: string): ConnectorError {
  return new ConnectorError('SIGN_IN_INVALID', `The sign-in cannot be finished. ${reason}`);
}
