import type { Secret } from './secret.ts';

/** An access token for one environment. `expiresAt` is in milliseconds since the epoch. */
export interface AccessToken {
  readonly token: Secret;
  readonly expiresAt: number;
}

/**
 * Provides access tokens. `getToken()` returns a valid token. After a 401, `getToken({ rejectedToken })` returns a newer
 * token; concurrent callers share one token request.
 */
export interface TokenSource {
  getToken(options?: {
    readonly rejectedToken?: AccessToken;
    readonly signal?: AbortSignal;
  }): Promise<AccessToken>;
}
