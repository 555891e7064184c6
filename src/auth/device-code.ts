import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { DeviceAuthorization, OAuthClient } from './oauth-client.ts';
import type { TokenSet } from './token-set.ts';

/** What the user needs to see: where to go, and what to type there. */
export interface DeviceCodePrompt {
  readonly verificationUri: string;
  readonly userCode: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Signs a user in on another device (RFC 8628): shows them a code, then asks until they are done, have declined,
 * or the code has expired. A broken line in between is not the end of it.
 */
export async function signInWithDeviceCode(options: {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly onPrompt: (prompt: DeviceCodePrompt) => void | Promise<void>;
  readonly signal?: AbortSignal;
}): Promise<TokenSet> {
  const { oauth, clock, signal } = options;
  const startedAt = clock.now();
  const code = await oauth.startDeviceAuthorization(options.scopes, signal);
  const expiresAt = startedAt + code.expiresInMs;
  await options.onPrompt({ verificationUri: code.verificationUri, userCode: code.userCode, expiresAt });
  let intervalMs = code.intervalMs;
  while (clock.now() + intervalMs < expiresAt) {
    await sleep(clock, intervalMs, signal);
    const answer = await redeem(oauth, code, signal);
    if (typeof answer !== 'string') return answer;
    if (answer === 'slow_down') intervalMs += 5000;
  }
  throw new ConnectorError('SIGN_IN_REFUSED', 'The code for the device page has expired.', {
    advice: 'Start again, and enter the new code within its time.',
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
