import type { Secret } from '../model/secret.ts';
import type { Authority } from './authority.ts';
import type { ResolvedApplication } from './client-application.ts';
import type { TokenSet } from './token-set.ts';

/** The parts of an authorization code grant that both ends must agree on. */
export interface AuthorizationCodeGrant {
  /** Query of the redirect. */
  readonly callbackParameters: URLSearchParams;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A device code, and what to show to the user. */
export interface DeviceAuthorization {
  readonly deviceCode: Secret;
  /** What it was asked for. */
  readonly scopes: readonly string[];
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/**
 * The token endpoint of one authority, asked by one app. Each call is one request; every failure is a
 * ConnectorError that holds nothing of the request.
 */
export interface OAuthClient {
  readonly authority: Authority;
  readonly app: ResolvedApplication;
  redeemAuthorizationCode(grant: AuthorizationCodeGrant): Promise<TokenSet>;
  refreshTokens(token: Secret, scopes: readonly string[]): Promise<TokenSet>;
  requestAppToken(scopes: readonly string[]): Promise<TokenSet>;
  startDeviceAuthorization(scopes: readonly string[], signal?: AbortSignal): Promise<DeviceAuthorization>;
  /** `pending` and `slow_down` are answers here, not failures (RFC 8628, section 3.5). */
  redeemDeviceCode(
    code: DeviceAuthorization,
    signal?: AbortSignal,
  ): Promise<TokenSet | 'pending' | 'slow_down'>;
}
