import type { Directory } from './directory.ts';
import { entraErrors } from './entra-errors.ts';
import { findRequestedResource, formatOrganizationScopes, offlineScope } from './scopes.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';

/** What decides which organization a token is for. */
export interface ResourceOptions {
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
  /** Origins that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
}

/** What is read from the request. */
interface ResourceRequestContext {
  readonly oidc: { readonly route: string; readonly params?: Record<string, unknown> | undefined };
}

/**
 * The resource rules as hooks of the OAuth library: it would follow a `resource` parameter (RFC 8707), Entra
 * reads the resource out of the scope.
 */
export function buildResourceFeatures({ directory, lifetimes, origins }: ResourceOptions) {
  return {
    // A sign-in is good for every organization of the tenant, the one asked for first; a token is for one.
    defaultResource(
      ctx: ResourceRequestContext,
      _client: unknown,
      granted?: unknown,
    ): string | string[] | undefined {
      const scope = ctx.oidc.params?.scope as string | undefined;
      const resource = findRequestedResource({ scope, origins, tenant: directory.tenantId });
      if (granted !== undefined) return resource ?? (granted as readonly string[])[0];
      if (ctx.oidc.route === 'token') return requireDefaultScope(resource, scope);
      return resource === undefined ? undefined : [resource, ...[...origins].filter((o) => o !== resource)];
    },
    getResourceServerInfo(_ctx: unknown, origin: string) {
      if (!origins.has(origin)) throw entraErrors.unknownResource(origin, directory.tenantId);
      return {
        scope: formatOrganizationScopes(origin),
        audience: origin,
        accessTokenTTL: lifetimes.accessTokenSeconds,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'RS256' as const } },
      };
    },
  };
}

/** An app that acts as itself asks for `<origin>/.default` and nothing else. */
function requireDefaultScope(resource: string | undefined, scope = ''): string {
  if (resource === undefined || scope !== `${resource}/.default`) throw entraErrors.notDefaultScope(scope);
  return resource;
}

/** What a refresh token will be made from. */
interface RefreshTokenSource {
  scope?: string | undefined;
  readonly scopes: ReadonlySet<string>;
}

/** Says whether to issue a refresh token, and lets it be redeemed for any organization, as Entra does. */
export function shouldIssueRefreshToken(code: RefreshTokenSource, origins: ReadonlySet<string>): boolean {
  if (!code.scopes.has(offlineScope) && !code.scopes.has('offline_access')) return false;
  const allScopes = [...origins].flatMap((origin) => formatOrganizationScopes(origin).split(' '));
  code.scope = [...new Set([...code.scopes, 'offline_access', ...allScopes])].join(' ');
  return true;
}
