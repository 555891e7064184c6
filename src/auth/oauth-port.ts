import type { Secret } from '../model/secret.ts';
import type { App } from './app.ts';
import type { Authority } from './authority.ts';
import type { TokenSet } from './tokens.ts';

/** The parts of an authorization code grant that both ends must agree on. */
export interface CodeGrant {
  /** Query of the redirect. */
  readonly callback: URLSearchParams;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** A device code, and what to show to the user. */
export interface DeviceCode {
  readonly secret: Secret;
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
export interface OAuth {
  readonly authority: Authority;
  readonly app: App;
  redeemCode(grant: CodeGrant): Promise<TokenSet>;
  refresh(token: Secret, scopes: readonly string[]): Promise<TokenSet>;
  clientToken(scopes: readonly string[]): Promise<TokenSet>;
  startDevice(scopes: readonly string[], signal?: AbortSignal): Promise<DeviceCode>;
  /** `pending` and `slow_down` are answers here, not failures (RFC 8628, section 3.5). */
  redeemDevice(code: DeviceCode, signal?: AbortSignal): Promise<TokenSet | 'pending' | 'slow_down'>;
}
