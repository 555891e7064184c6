import type { Secret } from './secret.ts';

/** An access token for one environment. `expiresAt` is in milliseconds since the epoch. */
export interface AccessToken {
  readonly token: Secret;
  readonly expiresAt: number;
}

/**
 * Where tokens come from. `get()` answers a token that is valid now; `get({ rejected })` is called after a
 * 401 with the token that was refused, and answers a newer one (at most one token request for all callers).
 */
export interface TokenSource {
  getToken(options?: {
    readonly rejectedToken?: AccessToken;
    readonly signal?: AbortSignal;
  }): Promise<AccessToken>;
}
