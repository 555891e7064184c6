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
  /** The token that `getToken()` returns at this time, if it is at hand; undefined if `getToken` has to ask for one. */
  peekToken?(now: number): AccessToken | undefined;
  getToken(options?: {
    readonly rejectedToken?: AccessToken;
    /** The `WWW-Authenticate` header of the 401. A claims challenge in it is answered by the newer token. */
    readonly challenge?: string;
    readonly signal?: AbortSignal;
    /** The call waits until this time at most (milliseconds since the epoch), then rejects with TIMEOUT. Default: one minute. */
    readonly deadline?: number;
  }): Promise<AccessToken>;
}
