import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import type { TokenSource } from '../model/token.ts';
import type { Clock } from '../model/world.ts';
import { createCachedTokens } from './cached-tokens.ts';
import { peekClaims } from './jwt.ts';

/** A token as a host brings it. Without `expiresAt` (ms since the epoch) the token's own `exp` counts. */
export interface HostToken {
  readonly token: string;
  readonly expiresAt?: number;
}

/** Asks the host for a token. */
export type BringToken = (why: { readonly rejected: boolean }) => HostToken | Promise<HostToken>;

/**
 * Tokens that the host brings, because it does the sign-in itself. `bring` is asked for the first one, when one
 * ages, and (with `rejected: true`) when the organisation refused the last one.
 */
export function createHostTokens(options: {
  readonly bring: BringToken;
  readonly clock: Clock;
}): TokenSource {
  const { bring, clock } = options;
  return createCachedTokens({
    clock,
    async renew(rejected) {
      const brought = await ask(bring, rejected !== undefined);
      const now = clock.now();
      const expiresAt = brought.expiresAt ?? expiryOf(brought.token) ?? Number.POSITIVE_INFINITY;
      if (brought.token === '' || expiresAt <= now) {
        throw new ConnectorError('RECONNECT_NEEDED', 'The host brought an access token that has expired.', {
          advice: 'The host must bring a newer token; check how it refreshes.',
        });
      }
      return {
        access: { secret: new Secret(brought.token), expiresAt },
        refreshAt: now + (expiresAt - now) * 0.8,
      };
    },
  });
}

async function ask(bring: BringToken, rejected: boolean): Promise<HostToken> {
  try {
    return await bring({ rejected });
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    // The host's own error may hold anything, secrets too.
    throw new ConnectorError('RECONNECT_NEEDED', 'The host could not bring an access token.', {
      advice: 'Look at the host’s own log for the reason.',
    });
  }
}

function expiryOf(token: string): number | undefined {
  const seconds = peekClaims(token)?.exp;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
