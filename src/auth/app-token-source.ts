import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { isTenantId } from './authority.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import { answerChallenge } from './claims-challenge.ts';
import type { OAuthClient } from './oauth-client.ts';

/**
 * Creates the token source of an app that acts as itself (client credentials). Tokens are kept in memory. Needs the id
 * of the tenant, a secret or a certificate, and an application user in the organization; throws CONNECTION_INVALID if
 * tenant or credential is missing.
 * https://learn.microsoft.com/power-apps/developer/data-platform/authenticate-oauth#connect-as-an-app
 */
export function createAppTokenSource(options: {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly clock: Clock;
}): TokenSource {
  const { app, authority } = options.oauth;
  if ((app.clientSecret ?? app.certificate ?? app.assertion) === undefined) {
    throw new ConnectorError('CONNECTION_INVALID', 'The app has neither a client secret nor a certificate.', {
      advice: 'Create one in Entra > App registrations > your app > Certificates & secrets.',
    });
  }
  if (!isTenantId(authority.tenant)) {
    throw new ConnectorError('CONNECTION_INVALID', 'The connection has no tenant, and an app needs one.', {
      advice:
        'Set "tenant" to the tenant id (Entra > Overview) or a domain of the tenant that owns the environment.',
    });
  }
  return createCachedTokenSource({
    clock: options.clock,
    renew: (_rejected, challenge) =>
      answerChallenge(challenge, () => options.oauth.requestAppToken(options.scopes, challenge?.claims)),
  });
}
