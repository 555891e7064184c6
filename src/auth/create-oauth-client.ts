import * as oauth from 'oauth4webapi';
import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpSender } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import type { Clock } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import { type Authority, expectedIssuer, getEndpoints, matchesIssuerTenant } from './authority.ts';
import { checkClientApplication, type ResolvedApplication } from './client-application.ts';
import { explainOAuthError } from './explain-oauth-error.ts';
import { importCertificate } from './import-certificate.ts';
import { decodeClaims } from './jwt.ts';
import type { AuthorizationCodeGrant, DeviceAuthorization, OAuthClient } from './oauth-client.ts';
import { createOAuthFetch } from './oauth-fetch.ts';
import { type TokenSet, toAccount } from './token-set.ts';

/** Who asks whom, and through what. */
export interface OAuthClientOptions {
  readonly authority: Authority;
  readonly app: ResolvedApplication;
  readonly send: HttpSender;
  readonly clock: Clock;
}

/** What the library needs for one exchange. */
interface GrantContext {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  /** Our clock before the request: a lifetime counts from no later than this. */
  readonly requestedAt: number;
  readonly authentication: oauth.ClientAuth;
  readonly http: oauth.TokenEndpointRequestOptions & oauth.DeviceAuthorizationRequestOptions;
}
type TokenResponse = oauth.TokenEndpointResponse;

/** Fresh values for one sign-in: 256 bits each, and the challenge of the verifier (RFC 7636, S256). */
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

/** Binds the certified OAuth library to our sender. This file is the only one that imports it. */
export function createOAuthClient(options: OAuthClientOptions): OAuthClient {
  checkClientApplication(options.app);
  const run = <T>(work: (context: GrantContext) => Promise<T>, signal?: AbortSignal) =>
    runGrant(options, work, signal);
  return {
    authority: options.authority,
    app: options.app,
    redeemAuthorizationCode: (grant) => run((context) => redeemAuthorizationCode(options, context, grant)),
    refreshTokens: (token, scopes) =>
      run(async (context) => {
        const { server, client, authentication, http } = withScope(context, scopes);
        const answer = await oauth.refreshTokenGrantRequest(
          server,
          client,
          authentication,
          token.reveal(),
          http,
        );
        return withScopes(
          await processTokenResponse(options, context, answer, oauth.processRefreshTokenResponse),
          scopes,
        );
      }),
    requestAppToken: (scopes) =>
      run(async (context) => {
        const { server, client, authentication, http } = context;
        const scope = scopes.join(' ');
        const answer = await oauth.clientCredentialsGrantRequest(
          server,
          client,
          authentication,
          { scope },
          http,
        );
        return withScopes(
          await processTokenResponse(options, context, answer, oauth.processClientCredentialsResponse),
          scopes,
        );
      }),
    startDeviceAuthorization: (scopes, signal) =>
      run((context) => startDeviceAuthorization(context, scopes), signal),
    redeemDeviceCode: (code, signal) => run((context) => redeemDeviceCode(options, context, code), signal),
  };
}

async function redeemAuthorizationCode(
  options: OAuthClientOptions,
  context: GrantContext,
  grant: AuthorizationCodeGrant,
): Promise<TokenSet> {
  const { server, client, authentication, http } = withScope(context, grant.scopes);
  // Whether `iss` is one of the authority's issuers was decided before; the library wants exactly one to compare.
  const answering = { ...server, issuer: grant.callbackParameters.get('iss') ?? server.issuer };
  const callback = oauth.validateAuthResponse(answering, client, grant.callbackParameters, grant.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    callback,
    grant.redirectUri,
    grant.codeVerifier,
    http,
  );
  const tokens = await processTokenResponse(options, context, answer, (as, of, response) =>
    oauth.processAuthorizationCodeResponse(as, of, response, {
      expectedNonce: grant.nonce,
      requireIdToken: true,
    }),
  );
  return withScopes(tokens, grant.scopes);
}

async function startDeviceAuthorization(
  context: GrantContext,
  scopes: readonly string[],
): Promise<DeviceAuthorization> {
  const { server, client, authentication, http } = context;
  const parameters = { scope: scopes.join(' ') };
  const answer = await oauth.deviceAuthorizationRequest(server, client, authentication, parameters, http);
  const code = await oauth.processDeviceAuthorizationResponse(server, client, answer);
  return {
    deviceCode: new Secret(code.device_code),
    scopes,
    userCode: code.user_code,
    verificationUri: code.verification_uri,
    expiresInMs: code.expires_in * 1000,
    intervalMs: (code.interval ?? 5) * 1000,
  };
}

async function redeemDeviceCode(
  options: OAuthClientOptions,
  context: GrantContext,
  code: DeviceAuthorization,
): Promise<TokenSet | 'pending' | 'slow_down'> {
  const { server, client, authentication, http } = context;
  const answer = await oauth.deviceCodeGrantRequest(
    server,
    client,
    authentication,
    code.deviceCode.reveal(),
    http,
  );
  try {
    return withScopes(
      await processTokenResponse(options, context, answer, oauth.processDeviceCodeResponse),
      code.scopes,
    );
  } catch (error) {
    const errorCode = error instanceof oauth.ResponseBodyError ? error.error : undefined;
    if (errorCode === 'authorization_pending') return 'pending';
    if (errorCode === 'slow_down') return 'slow_down';
    throw error;
  }
}

function withScope(context: GrantContext, scopes: readonly string[]): GrantContext {
  return { ...context, http: { ...context.http, additionalParameters: { scope: scopes.join(' ') } } };
}

/** Reads a token answer, and the id token in it against the one issuer that it may come from. */
async function processTokenResponse(
  { authority }: OAuthClientOptions,
  { server, client, requestedAt }: GrantContext,
  answer: Response,
  read: (server: oauth.AuthorizationServer, client: oauth.Client, answer: Response) => Promise<TokenResponse>,
): Promise<TokenSet> {
  const issuer = expectedIssuer(authority, await decodeIdTokenClaims(answer));
  const tokens = await read({ ...server, issuer }, client, answer);
  const claims = oauth.getValidatedIdTokenClaims(tokens) as JsonObject | undefined;
  if (claims !== undefined && !matchesIssuerTenant(authority, claims)) {
    throw new ConnectorError('SIGN_IN_INVALID', 'The id token names another tenant than its issuer.');
  }
  // Missing only from authorities that are not Entra; short enough to be harmless then.
  const lifeMs = (tokens.expires_in ?? 600) * 1000;
  return {
    accessToken: { token: new Secret(tokens.access_token), expiresAt: requestedAt + lifeMs },
    refreshAt: requestedAt + lifeMs * 0.8,
    ...(tokens.refresh_token === undefined ? {} : { refreshToken: new Secret(tokens.refresh_token) }),
    ...(claims === undefined ? {} : { account: toAccount(claims) }),
  };
}

function withScopes(tokens: TokenSet, scopes: readonly string[]): TokenSet {
  return { ...tokens, scopes };
}

async function decodeIdTokenClaims(answer: Response): Promise<JsonObject | undefined> {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  const token = (body as { readonly id_token?: unknown } | null | undefined)?.id_token;
  return typeof token === 'string' ? decodeClaims(token) : undefined;
}

/** Runs one exchange: the library asks through our sender, and whatever it throws comes out as ours. */
async function runGrant<T>(
  { authority, app, send, clock }: OAuthClientOptions,
  work: (context: GrantContext) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const endpoints = getEndpoints(authority);
  const { fetch, scrub } = createOAuthFetch({ send, clock, signal });
  try {
    return await work({
      server: {
        issuer: expectedIssuer(authority, undefined),
        authorization_endpoint: endpoints.authorize,
        token_endpoint: endpoints.token,
        device_authorization_endpoint: endpoints.deviceCode,
      },
      client: { client_id: app.clientId },
      requestedAt: clock.now(),
      authentication: await clientAuthentication(app, endpoints.token),
      http: {
        [oauth.customFetch]: fetch,
        // http only ever reaches a loopback authority: authorityOf gives no other.
        [oauth.allowInsecureRequests]: authority.origin.startsWith('http:'),
      },
    });
  } catch (error) {
    throw explainOAuthError(error, scrub);
  }
}

async function clientAuthentication(app: ResolvedApplication, audience: string): Promise<oauth.ClientAuth> {
  if (app.clientSecret !== undefined) return oauth.ClientSecretPost(app.clientSecret.reveal());
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
