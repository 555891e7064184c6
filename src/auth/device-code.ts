import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { DeviceAuthorization, OAuthClient } from './oauth-client.ts';
import type { TokenSet } from './token-set.ts';

/** The page that the user opens on another device, and the code to enter there. */
export interface DeviceCodePrompt {
  readonly verificationUri: string;
  readonly userCode: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Signs a user in on another device (RFC 8628). Shows a code, then polls the authority until the user has signed in.
 * Network errors are retried. Throws SIGN_IN_REFUSED if the user declines or the code expires, and ABORTED.
 */
export async function signInWithDeviceCode(options: {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly onPrompt: (prompt: DeviceCodePrompt) => void | Promise<void>;
  readonly signal?: AbortSignal;
  /** What the sign-in must satisfy, from a claims challenge. */
  readonly claims?: string;
}): Promise<TokenSet> {
  const { oauth, clock, signal } = options;
  const startedAt = clock.now();
  const code = await oauth.startDeviceAuthorization(options.scopes, { signal, claims: options.claims });
  const expiresAt = startedAt + code.expiresInMs;
  await options.onPrompt({ verificationUri: code.verificationUri, userCode: code.userCode, expiresAt });
  let intervalMs = code.intervalMs;
  while (clock.now() + intervalMs < expiresAt) {
    await sleep(clock, intervalMs, signal);
    const result = await redeem(oauth, code, signal);
    if (typeof result !== 'string') return result;
    if (result === 'slow_down') intervalMs += 5000;
  }
  throw new ConnectorError('SIGN_IN_REFUSED', 'The code for the device page has expired.', {
    advice: 'Start again, and enter the new code before it expires.',
  });
}

async function redeem(oauth: OAuthClient, code: DeviceAuthorization, signal: AbortSignal | undefined) {
  try {
    return await oauth.redeemDeviceCode(code, signal);
  } catch (error) {
    if (error instanceof ConnectorError && error.retryable) return 'slow_down';
    throw error;
  }
}

async function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {
    throw new ConnectorError('ABORTED', 'The sign-in was canceled.');
  });
}
