import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/world.ts';
import type { DeviceCode, OAuth } from './oauth-port.ts';
import type { TokenSet } from './tokens.ts';

/** What the user needs to see: where to go, and what to type there. */
export interface DevicePrompt {
  readonly verificationUri: string;
  readonly userCode: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Signs a user in on another device (RFC 8628): shows them a code, then asks until they are done, have declined,
 * or the code has expired. A broken line in between is not the end of it.
 */
export async function signInWithDevice(options: {
  readonly oauth: OAuth;
  readonly scopes: readonly string[];
  readonly clock: Clock;
  readonly onPrompt: (prompt: DevicePrompt) => void | Promise<void>;
  readonly signal?: AbortSignal;
}): Promise<TokenSet> {
  const { oauth, clock, signal } = options;
  const startedAt = clock.now();
  const code = await oauth.startDevice(options.scopes, signal);
  const expiresAt = startedAt + code.expiresInMs;
  await options.onPrompt({ verificationUri: code.verificationUri, userCode: code.userCode, expiresAt });
  let intervalMs = code.intervalMs;
  while (clock.now() + intervalMs < expiresAt) {
    await pause(clock, intervalMs, signal);
    const answer = await ask(oauth, code, signal);
    if (typeof answer !== 'string') return answer;
    if (answer === 'slow_down') intervalMs += 5000;
  }
  throw new ConnectorError('SIGN_IN_REFUSED', 'The code for the device page has expired.', {
    advice: 'Start again, and enter the new code within its time.',
  });
}

async function ask(oauth: OAuth, code: DeviceCode, signal: AbortSignal | undefined) {
  try {
    return await oauth.redeemDevice(code, signal);
  } catch (error) {
    if (error instanceof ConnectorError && error.retryable) return 'slow_down';
    throw error;
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {
    throw new ConnectorError('ABORTED', 'The sign-in was cancelled.');
  });
}
