import { ConnectorError } from '../errors/connector-error.ts';
import { isJsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Clock } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import type { TokenSource } from '../model/token.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { answerChallenge } from './claims-challenge.ts';
import { decodeClaims } from './jwt.ts';

/** An access token from the host. Without `expiresAt` (milliseconds since the epoch), the token's `exp` is used. */
export interface HostToken {
  readonly token: string;
  readonly expiresAt?: number;
}

/**
 * Returns an access token of the host. `rejected`: the organization has rejected the last one. `claims`: what the next one
 * must have, as JSON: the parameter `claims` of a token request (a claims challenge).
 */
export type GetHostToken = (request: {
  readonly rejected: boolean;
  readonly claims?: string;
}) => HostToken | Promise<HostToken>;

/**
 * Creates a token source for a host that signs in by itself. `getToken` is called for the first token, after 80 % of a
 * token's lifetime, and after the organization rejected a token. Throws RECONNECT_NEEDED if `getToken` fails or returns
 * an expired token.
 */
export function createHostTokenSource(options: {
  readonly getToken: GetHostToken;
  readonly clock: Clock;
}): TokenSource {
  const { getToken, clock } = options;
  return createCachedTokenSource({
    clock,
    async renew(rejected, challenge) {
      const request = omitUndefined({ rejected: rejected !== undefined, claims: challenge?.claims });
      const received = checkHostToken(
        await answerChallenge(challenge, () => requestToken(getToken, request)),
      );
      const now = clock.now();
      const expiresAt = received.expiresAt ?? readExpiry(received.token) ?? Number.POSITIVE_INFINITY;
      if (received.token === '' || expiresAt <= now) {
        throw new ConnectorError('RECONNECT_NEEDED', 'The access token of the host has expired.', {
          advice:
            '"getToken" must return a valid token, and "expiresAt" in milliseconds since the epoch. Check how the host refreshes its tokens.',
        });
      }
      return {
        accessToken: { token: new Secret(received.token), expiresAt },
        refreshAt: now + (expiresAt - now) * 0.8,
      };
    },
  });
}

async function requestToken(
  getToken: GetHostToken,
  request: Parameters<GetHostToken>[0],
): Promise<HostToken> {
  try {
    return await getToken(request);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    // The error of the host is not kept, because it may contain secrets.
    throw new ConnectorError('RECONNECT_NEEDED', 'The host could not provide an access token.', {
      advice: 'See the log of the host for the reason.',
    });
  }
}

/**
 * Checks what a host returned: without types, it may be anything. A token that no header can have is found here, because
 * later it is one header among others.
 */
function checkHostToken(received: unknown): HostToken {
  const { token, expiresAt } = isJsonObject(received) ? received : {};
  if (typeof token !== 'string') throw invalidToken('returned no token');
  if (/[^\x21-\x7e]/.test(token))
    throw invalidToken('returned a token with a character that a header cannot have, such as a line break');
  if (expiresAt === undefined) return { token };
  if (typeof expiresAt === 'number' && !Number.isNaN(expiresAt)) return { token, expiresAt };
  throw invalidToken('returned an "expiresAt" that is not a number');
}

function invalidToken(problem: string): ConnectorError {
  return new ConnectorError('CONNECTION_INVALID', `"getToken" of the credential ${problem}.`, {
    advice:
      'It must return { token, expiresAt }: a string, and milliseconds since the epoch (optional). A TokenCredential returns { token, expiresOnTimestamp }.',
  });
}

function readExpiry(token: string): number | undefined {
  const seconds = decodeClaims(token)?.exp;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
