import type { Secret } from '../model/secret.ts';
import type { Authority } from './authority.ts';
import type { ResolvedApplication } from './client-application.ts';
import type { TokenSet } from './token-set.ts';

/** The parameters of an authorization code grant. */
export interface AuthorizationCodeGrant {
  /** The query parameters of the callback URL. */
  readonly callbackParameters: URLSearchParams;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A device code, with the page and the user code to show. */
export interface DeviceAuthorization {
  readonly deviceCode: Secret;
  /** The scopes that were requested. */
  readonly scopes: readonly string[];
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/**
 * The token endpoint of one authority, used by one app. Each call sends one request. Errors are ConnectorErrors that
 * contain no secrets of the request.
 */
export interface OAuthClient {
  readonly authority: Authority;
  readonly app: ResolvedApplication;
  redeemAuthorizationCode(grant: AuthorizationCodeGrant): Promise<TokenSet>;
  /** `claims`: what the token must have, from a claims challenge. */
  refreshTokens(token: Secret, scopes: readonly string[], claims?: string): Promise<TokenSet>;
  requestAppToken(scopes: readonly string[], claims?: string): Promise<TokenSet>;
  /** `assertion`: the access token with which a user called the app. */
  requestOnBehalfOf(assertion: Secret, scopes: readonly string[], claims?: string): Promise<TokenSet>;
  startDeviceAuthorization(
    scopes: readonly string[],
    options?: { readonly signal?: AbortSignal; readonly claims?: string },
  ): Promise<DeviceAuthorization>;
  /** Returns `pending` or `slow_down` while the user has not signed in (RFC 8628, section 3.5). */
  redeemDeviceCode(
    code: DeviceAuthorization,
    signal?: AbortSignal,
  ): Promise<TokenSet | 'pending' | 'slow_down'>;
}
