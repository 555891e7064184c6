import { ConnectorError } from '../errors/connector-error.ts';
import type { Clock } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { isTenantId } from './authority.ts';
import { createCachedTokenSource } from './cached-token-source.ts';
import type { OAuthClient } from './oauth-client.ts';

/**
 * Tokens of the app itself (client credentials): kept in memory, asked for again when they age. Needs a tenant
 * of its own, a secret or certificate, and an application user in the organization.
 * https://learn.microsoft.com/power-apps/developer/data-platform/authenticate-oauth#connect-as-an-app
 */
export function createAppTokenSource(options: {
  readonly oauth: OAuthClient;
  readonly scopes: readonly string[];
  readonly clock: Clock;
}): TokenSource {
  const { app, authority } = options.oauth;
  if (app.clientSecret === undefined && app.certificate === undefined) {
    throw new ConnectorError(
      'CONNECTION_INVALID',
      'An app signs in with a client secret or a certificate; neither is given.',
      {
        advice: 'Create one in Entra > App registrations > your app > Certificates & secrets.',
      },
    );
  }
  if (!isTenantId(authority.tenant)) {
    throw new ConnectorError(
      'CONNECTION_INVALID',
      'An app signs in to one tenant, and the connection does not name it.',
      {
        advice: 'Give the tenant id (Entra > Overview) or a domain of the tenant that owns the environment.',
      },
    );
  }
  return createCachedTokenSource({
    clock: options.clock,
    renew: () => options.oauth.requestAppToken(options.scopes),
  });
}
