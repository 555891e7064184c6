import * as oauth from 'oauth4webapi';
import { ConnectorError } from '../errors/connector-error.ts';
import type { SendRequest } from '../model/http.ts';
import type { JsonObject } from '../model/json.ts';
import { Secret } from '../model/secret.ts';
import type { Clock } from '../model/world.ts';
import { type App, checkApp } from './app.ts';
import { type Authority, endpointsOf, expectedIssuer, isOfTenant } from './authority.ts';
import { readCertificate } from './certificate.ts';
import { peekClaims } from './jwt.ts';
import { explainOAuthFailure } from './oauth-failure.ts';
import { createFetch } from './oauth-fetch.ts';
import type { CodeGrant, DeviceCode, OAuth } from './oauth-port.ts';
import { accountOf, type TokenSet } from './tokens.ts';

/** Who asks whom, and through what. */
export interface OAuthOptions {
  readonly authority: Authority;
  readonly app: App;
  readonly send: SendRequest;
  readonly clock: Clock;
}

/** What the library needs for one exchange. */
interface Turn {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  /** Our clock before the request: a lifetime counts from no later than this. */
  readonly askedAt: number;
  readonly authentication: oauth.ClientAuth;
  readonly http: oauth.TokenEndpointRequestOptions & oauth.DeviceAuthorizationRequestOptions;
}
type TokenAnswer = oauth.TokenEndpointResponse;

/** Fresh values for one sign-in: 256 bits each, and the challenge of the verifier (RFC 7636, S256). */
export async function newProof() {
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
export function createOAuth(options: OAuthOptions): OAuth {
  checkApp(options.app);
  const run = <T>(work: (turn: Turn) => Promise<T>, signal?: AbortSignal) => takeTurn(options, work, signal);
  return {
    authority: options.authority,
    app: options.app,
    redeemCode: (grant) => run((turn) => redeemCode(options, turn, grant)),
    refresh: (token, scopes) =>
      run(async (turn) => {
        const { server, client, authentication, http } = withScope(turn, scopes);
        const answer = await oauth.refreshTokenGrantRequest(
          server,
          client,
          authentication,
          token.reveal(),
          http,
        );
        return withScopes(await finish(options, turn, answer, oauth.processRefreshTokenResponse), scopes);
      }),
    clientToken: (scopes) =>
      run(async (turn) => {
        const { server, client, authentication, http } = turn;
        const scope = scopes.join(' ');
        const answer = await oauth.clientCredentialsGrantRequest(
          server,
          client,
          authentication,
          { scope },
          http,
        );
        return withScopes(
          await finish(options, turn, answer, oauth.processClientCredentialsResponse),
          scopes,
        );
      }),
    startDevice: (scopes, signal) => run((turn) => startDevice(turn, scopes), signal),
    redeemDevice: (code, signal) => run((turn) => redeemDevice(options, turn, code), signal),
  };
}

async function redeemCode(options: OAuthOptions, turn: Turn, grant: CodeGrant): Promise<TokenSet> {
  const { server, client, authentication, http } = withScope(turn, grant.scopes);
  // Whether `iss` is one of the authority's issuers was decided before; the library wants exactly one to compare.
  const answering = { ...server, issuer: grant.callback.get('iss') ?? server.issuer };
  const callback = oauth.validateAuthResponse(answering, client, grant.callback, grant.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    callback,
    grant.redirectUri,
    grant.verifier,
    http,
  );
  const tokens = await finish(options, turn, answer, (as, of, response) =>
    oauth.processAuthorizationCodeResponse(as, of, response, {
      expectedNonce: grant.nonce,
      requireIdToken: true,
    }),
  );
  return withScopes(tokens, grant.scopes);
}

async function startDevice(turn: Turn, scopes: readonly string[]): Promise<DeviceCode> {
  const { server, client, authentication, http } = turn;
  const parameters = { scope: scopes.join(' ') };
  const answer = await oauth.deviceAuthorizationRequest(server, client, authentication, parameters, http);
  const code = await oauth.processDeviceAuthorizationResponse(server, client, answer);
  return {
    secret: new Secret(code.device_code),
    scopes,
    userCode: code.user_code,
    verificationUri: code.verification_uri,
    expiresInMs: code.expires_in * 1000,
    intervalMs: (code.interval ?? 5) * 1000,
  };
}

async function redeemDevice(
  options: OAuthOptions,
  turn: Turn,
  code: DeviceCode,
): Promise<TokenSet | 'pending' | 'slow_down'> {
  const { server, client, authentication, http } = turn;
  const answer = await oauth.deviceCodeGrantRequest(
    server,
    client,
    authentication,
    code.secret.reveal(),
    http,
  );
  try {
    return withScopes(await finish(options, turn, answer, oauth.processDeviceCodeResponse), code.scopes);
  } catch (error) {
    const said = error instanceof oauth.ResponseBodyError ? error.error : undefined;
    if (said === 'authorization_pending') return 'pending';
    if (said === 'slow_down') return 'slow_down';
    throw error;
  }
}

function withScope(turn: Turn, scopes: readonly string[]): Turn {
  return { ...turn, http: { ...turn.http, additionalParameters: { scope: scopes.join(' ') } } };
}

/** Reads a token answer, and the id token in it against the one issuer that it may come from. */
async function finish(
  { authority }: OAuthOptions,
  { server, client, askedAt }: Turn,
  answer: Response,
  read: (server: oauth.AuthorizationServer, client: oauth.Client, answer: Response) => Promise<TokenAnswer>,
): Promise<TokenSet> {
  const issuer = expectedIssuer(authority, await idTokenClaims(answer));
  const tokens = await read({ ...server, issuer }, client, answer);
  const claims = oauth.getValidatedIdTokenClaims(tokens) as JsonObject | undefined;
  if (claims !== undefined && !isOfTenant(authority, claims)) {
    throw new ConnectorError('SIGN_IN_INVALID', 'The id token names another tenant than its issuer.');
  }
  // Missing only from authorities that are not Entra; short enough to be harmless then.
  const lifeMs = (tokens.expires_in ?? 600) * 1000;
  return {
    access: { secret: new Secret(tokens.access_token), expiresAt: askedAt + lifeMs },
    refreshAt: askedAt + lifeMs * 0.8,
    ...(tokens.refresh_token === undefined ? {} : { refresh: new Secret(tokens.refresh_token) }),
    ...(claims === undefined ? {} : { account: accountOf(claims) }),
  };
}

function withScopes(tokens: TokenSet, scopes: readonly string[]): TokenSet {
  return { ...tokens, scopes };
}

async function idTokenClaims(answer: Response): Promise<JsonObject | undefined> {
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  const token = (body as { readonly id_token?: unknown } | null | undefined)?.id_token;
  return typeof token === 'string' ? peekClaims(token) : undefined;
}

/** Runs one exchange: the library asks through our sender, and whatever it throws comes out as ours. */
async function takeTurn<T>(
  { authority, app, send, clock }: OAuthOptions,
  work: (turn: Turn) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const endpoints = endpointsOf(authority);
  const { fetch, scrub } = createFetch({ send, clock, signal });
  try {
    return await work({
      server: {
        issuer: expectedIssuer(authority, undefined),
        authorization_endpoint: endpoints.authorize,
        token_endpoint: endpoints.token,
        device_authorization_endpoint: endpoints.deviceCode,
      },
      client: { client_id: app.clientId },
      askedAt: clock.now(),
      authentication: await authenticationOf(app, endpoints.token),
      http: {
        [oauth.customFetch]: fetch,
        // http only ever reaches a loopback authority: authorityOf gives no other.
        [oauth.allowInsecureRequests]: authority.origin.startsWith('http:'),
      },
    });
  } catch (error) {
    throw explainOAuthFailure(error, scrub);
  }
}

async function authenticationOf(app: App, audience: string): Promise<oauth.ClientAuth> {
  if (app.secret !== undefined) return oauth.ClientSecretPost(app.secret.reveal());
  if (app.certificate === undefined) return oauth.None();
  const { key, thumbprint } = await readCertificate(app.certificate);
  return oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (header, payload) => {
      header.typ = 'JWT';
      header['x5t#S256'] = thumbprint;
      payload.aud = audience;
    },
  });
}
