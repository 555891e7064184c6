import * as oauth from 'oauth4webapi';
import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpSender } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Clock } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import { type Authority, expectedIssuer, getEndpoints, matchesIssuerTenant } from './authority.ts';
import {
  checkClientApplication,
  type ResolvedApplication,
  readAssertion,
  readClientSecret,
} from './client-application.ts';
import { importCertificate } from './import-certificate.ts';
import { decodeIdTokenClaims } from './jwt.ts';
import type { AuthorizationCodeGrant, DeviceAuthorization, OAuthClient } from './oauth-client.ts';
import { createOAuthFetch } from './oauth-fetch.ts';
import { type TokenSet, toAccount } from './token-set.ts';

/** The authority, the app registration that signs in, and the services for it. */
export interface OAuthClientOptions {
  readonly authority: Authority;
  readonly app: ResolvedApplication;
  readonly send: HttpSender;
  readonly clock: Clock;
}

/** The parameters that the OAuth library needs for one grant. */
interface GrantContext {
  readonly authority: Authority;
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  /** Time before the request. The lifetime of a token counts from here, so that it never expires too late. */
  readonly requestedAt: number;
  readonly authentication: oauth.ClientAuth;
  readonly http: oauth.TokenEndpointRequestOptions & oauth.DeviceAuthorizationRequestOptions;
}

/** A token response, the scopes that were requested, and the library's function that checks it. */
interface ReceivedTokens {
  readonly response: Response;
  readonly scopes: readonly string[];
  readonly check: (
    server: oauth.AuthorizationServer,
    client: oauth.Client,
    response: Response,
  ) => Promise<oauth.TokenEndpointResponse>;
}

/** Lifetime of a token without `expires_in`. Entra always sends it; other authorities may not. */
const defaultLifetimeSeconds = 600;
/** Interval between the requests for a device code if the authority names none (RFC 8628, section 3.2). */
const defaultIntervalSeconds = 5;

/** Creates random values of 256 bits for one sign-in, and the challenge of the verifier (RFC 7636, S256). */
export async function createPkceParameters() {
  const verifier = oauth.generateRandomCodeVerifier();
  const challenge = await oauth.calculatePKCECodeChallenge(verifier);
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier,
    challenge,
  };
}

/**
 * Creates a client for the token endpoint of one authority. It uses the certified library oauth4webapi with our sender.
 * Throws CONNECTION_INVALID if the client id or the secret cannot be right.
 */
export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  checkClientApplication(options.app);
  const run = <T>(grant: (context: GrantContext) => Promise<T>, signal?: AbortSignal) =>
    runGrant(options, grant, signal);
  return {
    authority: options.authority,
    app: options.app,
    redeemAuthorizationCode: (grant) => run((context) => redeemAuthorizationCode(context, grant)),
    refreshTokens: (token, scopes, claims) =>
      run((context) => refreshTokens(context, token, { scopes, claims })),
    requestAppToken: (scopes, claims) => run((context) => requestAppToken(context, { scopes, claims })),
    requestOnBehalfOf: (assertion, scopes, claims) =>
      run((context) => requestOnBehalfOf(context, assertion, { scopes, claims })),
    startDeviceAuthorization: (scopes, { signal, claims } = {}) =>
      run((context) => startDeviceAuthorization(context, { scopes, claims }), signal),
    redeemDeviceCode: (code, signal) => run((context) => redeemDeviceCode(context, code), signal),
  };
}

async function redeemAuthorizationCode(
  context: GrantContext,
  { callbackParameters, state, nonce, codeVerifier, redirectUri, scopes }: AuthorizationCodeGrant,
): Promise<TokenSet> {
  const { server, client, authentication, http } = withParameters(context, { scopes });
  // The caller has checked `iss` against all issuers of the authority. The library compares it with exactly one.
  const issuingServer = { ...server, issuer: callbackParameters.get('iss') ?? server.issuer };
  const callback = oauth.validateAuthResponse(issuingServer, client, callbackParameters, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    callback,
    redirectUri,
    codeVerifier,
    http,
  );
  return toTokenSet(context, {
    response,
    scopes,
    check: (...args) =>
      oauth.processAuthorizationCodeResponse(...args, { expectedNonce: nonce, requireIdToken: true }),
  });
}

async function refreshTokens(
  context: GrantContext,
  refreshToken: Secret,
  required: RequiredToken,
): Promise<TokenSet> {
  const { server, client, authentication, http } = withParameters(context, required);
  const { scopes } = required;
  const token = refreshToken.reveal();
  const response = await oauth.refreshTokenGrantRequest(server, client, authentication, token, http);
  return toTokenSet(context, { response, scopes, check: oauth.processRefreshTokenResponse });
}

async function requestAppToken(context: GrantContext, required: RequiredToken): Promise<TokenSet> {
  const { server, client, authentication, http } = context;
  const { scopes } = required;
  const parameters = toParameters(required);
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    authentication,
    parameters,
    http,
  );
  return toTokenSet(context, { response, scopes, check: oauth.processClientCredentialsResponse });
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow */
async function requestOnBehalfOf(
  context: GrantContext,
  assertion: Secret,
  required: RequiredToken,
): Promise<TokenSet> {
  const { scopes } = required;
  const { server, client, authentication, http } = context;
  const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  const parameters = {
    assertion: assertion.reveal(),
    requested_token_use: 'on_behalf_of',
    ...toParameters(required),
  };
  const response = await oauth.genericTokenEndpointRequest(
    server,
    client,
    authentication,
    grantType,
    parameters,
    http,
  );
  return toTokenSet(context, { response, scopes, check: oauth.processGenericTokenEndpointResponse });
}

async function startDeviceAuthorization(
  { server, client, authentication, http }: GrantContext,
  required: RequiredToken,
): Promise<DeviceAuthorization> {
  const { scopes } = required;
  const parameters = toParameters(required);
  const response = await oauth.deviceAuthorizationRequest(server, client, authentication, parameters, http);
  const code = await oauth.processDeviceAuthorizationResponse(server, client, response);
  return {
    deviceCode: new Secret(code.device_code),
    scopes,
    userCode: code.user_code,
    verificationUri: code.verification_uri,
    expiresInMs: code.expires_in * 1000,
    intervalMs: (code.interval ?? defaultIntervalSeconds) * 1000,
  };
}

async function redeemDeviceCode(
  context: GrantContext,
  { deviceCode, scopes }: DeviceAuthorization,
): Promise<TokenSet | 'pending' | 'slow_down'> {
  const { server, client, authentication, http } = context;
  const code = deviceCode.reveal();
  const response = await oauth.deviceCodeGrantRequest(server, client, authentication, code, http);
  try {
    return await toTokenSet(context, { response, scopes, check: oauth.processDeviceCodeResponse });
  } catch (error) {
    const errorCode = error instanceof oauth.ResponseBodyError ? error.error : undefined;
    if (errorCode === 'authorization_pending') return 'pending';
    if (errorCode === 'slow_down') return 'slow_down';
    throw error;
  }
}

/** What a token must be good for. */
interface RequiredToken {
  readonly scopes: readonly string[];
  /** From a claims challenge. */
  readonly claims?: string;
}

function toParameters({ scopes, claims }: RequiredToken): Record<string, string> {
  return omitUndefined({ scope: scopes.join(' '), claims }) as Record<string, string>;
}

function withParameters(context: GrantContext, required: RequiredToken): GrantContext {
  return { ...context, http: { ...context.http, additionalParameters: toParameters(required) } };
}

/** Checks a token response, and its id token against the only issuer that it may have. */
async function toTokenSet(
  { authority, server, client, requestedAt }: GrantContext,
  { response, scopes, check }: ReceivedTokens,
): Promise<TokenSet> {
  const issuer = expectedIssuer(authority, await decodeIdTokenClaims(response));
  const tokens = await check({ ...server, issuer }, client, response);
  const claims = oauth.getValidatedIdTokenClaims(tokens) as JsonObject | undefined;
  if (claims !== undefined && !matchesIssuerTenant(authority, claims)) {
    throw new ConnectorError(
      'SIGN_IN_INVALID',
      'The tenant of the id token is not the tenant of its issuer.',
    );
  }
  const lifetimeMs = (tokens.expires_in ?? defaultLifetimeSeconds) * 1000;
  // A refresh response may come without refresh token and account; the stored ones are kept then.
  return omitUndefined<TokenSet>({
    accessToken: { token: new Secret(tokens.access_token), expiresAt: requestedAt + lifetimeMs },
    refreshAt: requestedAt + lifetimeMs * 0.8,
    refreshToken: tokens.refresh_token === undefined ? undefined : new Secret(tokens.refresh_token),
    account: claims && toAccount(claims),
    scopes,
  });
}

/** Runs one grant with our sender, and converts the errors of the library. */
async function runGrant<T>(
  { authority, app, send, clock }: OAuthClientOptions,
  grant: (context: GrantContext) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const endpoints = getEndpoints(authority);
  const { fetch, scrub } = createOAuthFetch({ send, clock, signal });
  try {
    return await grant({
      authority,
      server: {
        issuer: expectedIssuer(authority, undefined),
        authorization_endpoint: endpoints.authorize,
        token_endpoint: endpoints.token,
        device_authorization_endpoint: endpoints.deviceCode,
      },
      client: { client_id: app.clientId },
      requestedAt: clock.now(),
      authentication: await createClientAuthentication(app, endpoints.token),
      http: {
        [oauth.customFetch]: fetch,
        // `getAuthority` returns an http origin only for a sandbox on this machine.
        [oauth.allowInsecureRequests]: authority.origin.startsWith('http:'),
      },
    });
  } catch (error) {
    const { explainOAuthError } = await import('./explain-oauth-error.ts');
    throw explainOAuthError(error, scrub);
  }
}

async function createClientAuthentication(
  app: ResolvedApplication,
  audience: string,
): Promise<oauth.ClientAuth> {
  if (app.clientSecret !== undefined) {
    const secret = await readClientSecret(app.clientSecret);
    return oauth.ClientSecretPost(secret.reveal());
  }
  if (app.assertion !== undefined) return authenticateWith(await readAssertion(app.assertion));
  if (app.certificate === undefined) return oauth.None();
  const { key, thumbprint } = await importCertificate(app.certificate);
  return oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (header, payload) => {
      header.typ = 'JWT';
      header['x5t#S256'] = thumbprint;
      payload.aud = audience;
    },
  });
}

/** https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential */
function authenticateWith(assertion: string): oauth.ClientAuth {
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', assertion);
  };
}
