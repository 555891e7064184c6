import { entraErrors } from './entra-errors.ts';

/** The permissions of an organization; a scope is `<origin>/<permission>`. */
export const permissions = ['user_impersonation', '.default'] as const;

/**
 * The OIDC provider drops `offline_access` unless the request has `prompt=consent`; Entra does not. So requests
 * carry this scope instead.
 */
export const offlineScope = 'offline';

/** Scopes that do not belong to an organization. */
export const openidScopes = ['openid', 'profile', 'email', 'offline_access', offlineScope] as const;

/** All scopes of an organization, separated by spaces. */
export function formatOrganizationScopes(origin: string): string {
  return permissions.map((permission) => `${origin}/${permission}`).join(' ');
}

/** A scope parameter and what it is checked against. */
export interface ScopeRequest {
  readonly scope: string | undefined;
  /** Origins that tokens can be issued for. */
  readonly origins: ReadonlySet<string>;
  /** For error texts. */
  readonly tenant: string;
}

/**
 * The resource (organization origin) that a scope parameter names; undefined when it names none. Rejects, as Entra
 * does, an unknown resource (500011), an unknown permission (650053) and several resources (28000).
 */
export function findRequestedResource({ scope, origins, tenant }: ScopeRequest): string | undefined {
  let found: string | undefined;
  for (const requestedScope of scope?.split(' ') ?? []) {
    if (requestedScope === '' || (openidScopes as readonly string[]).includes(requestedScope)) continue;
    const slash = requestedScope.lastIndexOf('/');
    if (slash < 1) throw entraErrors.badScope(requestedScope);
    const resource = requestedScope.slice(0, slash);
    if (!origins.has(resource)) throw entraErrors.unknownResource(resource, tenant);
    if (!(permissions as readonly string[]).includes(requestedScope.slice(slash + 1))) {
      throw entraErrors.unknownPermission(requestedScope, resource);
    }
    if (found !== undefined && found !== resource) throw entraErrors.severalResources(scope ?? '');
    found = resource;
  }
  return found;
}
