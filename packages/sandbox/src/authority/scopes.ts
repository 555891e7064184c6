import { entraErrors } from './entra-errors.ts';

/** Permissions that an organization offers; a scope is `<origin>/<permission>`. */
export const permissions = ['user_impersonation', '.default'] as const;

/**
 * The OAuth library drops `offline_access` unless the request also has `prompt=consent`; Entra does not.
 * So a sign-in carries this word through the library in its place.
 */
export const offlineScope = 'offline';

/** Scopes that are not about an organization. */
export const openidScopes = ['openid', 'profile', 'email', 'offline_access', offlineScope] as const;

/** Every scope of one organization, as one text. */
export function formatOrganizationScopes(origin: string): string {
  return permissions.map((permission) => `${origin}/${permission}`).join(' ');
}

/** What a scope parameter asks for. */
export interface ScopeRequest {
  readonly scope: string | undefined;
  /** Origins that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
  /** For the words of a refusal. */
  readonly tenant: string;
}

/**
 * The one organization that a scope names, or undefined when it names none. Refuses, as Entra does, a resource
 * nobody registered (500011), a permission that does not exist (650053), and two resources at once (28000).
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
