import { refuse } from './refusals.ts';

/** Permissions that an organisation offers; a scope is `<origin>/<permission>`. */
export const PERMISSIONS = ['user_impersonation', '.default'] as const;

/**
 * The OAuth library drops `offline_access` unless the request also has `prompt=consent`; Entra does not.
 * So a sign-in carries this word through the library in its place.
 */
export const OFFLINE = 'offline';

/** Scopes that are not about an organisation. */
export const OPENID_SCOPES = ['openid', 'profile', 'email', 'offline_access', OFFLINE] as const;

/** Every scope of one organisation, as one text. */
export function scopesOf(origin: string): string {
  return PERMISSIONS.map((permission) => `${origin}/${permission}`).join(' ');
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
 * The one organisation that a scope names, or undefined when it names none. Refuses, as Entra does, a resource
 * nobody registered (500011), a permission that does not exist (650053), and two resources at once (28000).
 */
export function requestedResource({ scope, origins, tenant }: ScopeRequest): string | undefined {
  let found: string | undefined;
  for (const word of scope?.split(' ') ?? []) {
    if (word === '' || (OPENID_SCOPES as readonly string[]).includes(word)) continue;
    const slash = word.lastIndexOf('/');
    if (slash < 1) throw refuse.badScope(word);
    const resource = word.slice(0, slash);
    if (!origins.has(resource)) throw refuse.unknownResource(resource, tenant);
    if (!(PERMISSIONS as readonly string[]).includes(word.slice(slash + 1))) {
      throw refuse.unknownPermission(word, resource);
    }
    if (found !== undefined && found !== resource) throw refuse.severalResources(scope ?? '');
    found = resource;
  }
  return found;
}
