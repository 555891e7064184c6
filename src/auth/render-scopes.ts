import { ConnectorError } from '../errors/connector-error.ts';
import type { Template } from '../model/template.ts';
import type { Environment } from './environment.ts';

/**
 * The manifest's scopes for one environment: `{{connection.orgUrl}}/user_impersonation` becomes
 * `https://contoso.crm.dynamics.com/user_impersonation`. No other hole makes sense in a scope.
 */
export function renderScopes(templates: readonly Template[], environment: Environment): readonly string[] {
  return templates.map((template) =>
    template.parts
      .map((part) => {
        if (typeof part === 'string') return part;
        if (part.path.join('.') === 'connection.orgUrl') return environment.origin;
        throw new ConnectorError(
          'MANIFEST_INVALID',
          `A scope holds {{${part.path.join('.')}}}, which is not known when a token is asked for.`,
          { advice: 'Use {{connection.orgUrl}}, the only hole that a scope takes.' },
        );
      })
      .join(''),
  );
}

/**
 * Whether a token for this audience is a token for the environment. Entra writes the audience as it was asked
 * for, with or without a trailing slash; `contoso.api.crm.dynamics.com` is the same organization.
 */
export function isAudienceFor(audience: string, environment: Environment): boolean {
  return normalizeOrigin(audience) === normalizeOrigin(environment.origin);
}

function normalizeOrigin(url: string): string {
  return url.toLowerCase().replace(/\/+$/, '').replace('.api.crm', '.crm');
}
