import { ConnectorError } from '../errors/connector-error.ts';
import type { Template } from '../model/template.ts';
import { trimEnd } from '../model/trim-end.ts';
import type { Environment } from './environment.ts';

/**
 * Renders the manifest's scopes for one environment: `{{connection.orgUrl}}/user_impersonation` becomes
 * `https://contoso.crm.dynamics.com/user_impersonation`. Throws MANIFEST_INVALID for any other placeholder.
 */
export function renderScopes(templates: readonly Template[], environment: Environment): readonly string[] {
  return templates.map((template) =>
    template.parts
      .map((part) => {
        if (typeof part === 'string') return part;
        if (part.path.join('.') === 'connection.orgUrl') return environment.origin;
        throw new ConnectorError(
          'MANIFEST_INVALID',
          `A scope contains the placeholder {{${part.path.join('.')}}}, which has no value when a token is requested.`,
          { advice: 'Use {{connection.orgUrl}}, the only placeholder that is allowed in a scope.' },
        );
      })
      .join(''),
  );
}

/**
 * True if a token with this audience is valid for the environment. The audience may have a trailing slash, depending on
 * the requested scope, and `contoso.api.crm.dynamics.com` is the same organization as `contoso.crm.dynamics.com`.
 */
export function isAudienceFor(audience: string, environment: Environment): boolean {
  return normalizeOrigin(audience) === normalizeOrigin(environment.origin);
}

function normalizeOrigin(url: string): string {
  return trimEnd(url.toLowerCase(), '/').replace('.api.crm', '.crm');
}
