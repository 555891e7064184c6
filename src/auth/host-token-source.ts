import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import type { TokenSource } from '../model/token.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { decodeClaims } from './jwt.ts';

/** A token as a host brings it. Without `expiresAt` (ms since the epoch) the token's own `exp` counts. */
export interface HostToken {
  readonly token: string;
  readonly expiresAt?: number;
}

/** Asks the host for a token. */
export type GetHostToken = (why: { readonly rejected: boolean }) => HostToken | Promise<HostToken>;

/**
 * Tokens that the host brings, because it does the sign-in itself. `bring` is asked for the first one, when one
 * ages, and (with `rejected: true`) when the organization refused the last one.
 */
export function createHostTokenSource(options: {
  readonly getToken: GetHostToken;
  readonly clock: Clock;
}): TokenSource {
  const { getToken, clock } = options;
  return createCachedTokenSource({
    clock,
    async renew(rejected) {
      const received = await requestToken(getToken, rejected !== undefined);
      const now = clock.now();
      const expiresAt = received.expiresAt ?? readExpiry(received.token) ?? Number.POSITIVE_INFINITY;
      if (received.token === '' || expiresAt <= now) {
        throw new ConnectorError('RECONNECT_NEEDED', 'The host brought an access token that has expired.', {
          advice: 'The host must bring a newer token; check how it refreshes.',
        });
      }
      return {
        accessToken: { token: new Secret(received.token), expiresAt },
        refreshAt: now + (expiresAt - now) * 0.8,
      };
    },
  });
}

async function requestToken(getToken: GetHostToken, rejected: boolean): Promise<HostToken> {
  try {
    return await getToken({ rejected });
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    // The host's own error may hold anything, secrets too.
    throw new ConnectorError('RECONNECT_NEEDED', 'The host could not bring an access token.', {
      advice: 'Look at the host’s own log for the reason.',
    });
  }
}

function readExpiry(token: string): number | undefined {
  const seconds = decodeClaims(token)?.exp;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
