import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import { Secret } from '../model/secret.ts';
import type { TokenSource } from '../model/token.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { answerChallenge } from './claims-challenge.ts';
import type { OAuthClient } from './oauth-client.ts';

/** Returns the access token with which the user called the host's own API. Called for each sign-in. */
export type GetUserToken = () => string | Promise<string>;

/**
 * Creates the token source of a user who called the host's API: the host's app asks for a token of the organization in
 * the user's name. Not for tokens of apps. Throws RECONNECT_NEEDED if the host has no token of the user.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow
 */
export function createOnBehalfOfTokenSource(options: {
  readonly oauth: OAuthClient;
  readonly userToken: GetUserToken;
  readonly scopes: readonly string[];
  readonly clock: Clock;
}): TokenSource {
  const { oauth, userToken, scopes, clock } = options;
  return createCachedTokenSource({
    clock,
    renew: async (_rejected, challenge) => {
      const assertion = await readUserToken(userToken);
      return await answerChallenge(challenge, () =>
        oauth.requestOnBehalfOf(assertion, scopes, challenge?.claims),
      );
    },
  });
}

async function readUserToken(userToken: GetUserToken): Promise<Secret> {
  const token = await Promise.resolve()
    .then(userToken)
    .catch(() => undefined);
  if (typeof token === 'string' && token !== '') return new Secret(token);
  throw new ConnectorError('RECONNECT_NEEDED', 'The host has no access token of the user.', {
    advice: 'The user must call the API of the host again, with a token that has not expired.',
  });
}
