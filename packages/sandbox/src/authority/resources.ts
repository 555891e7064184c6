import type { Directory } from './directory.ts';
import { entraErrors } from './entra-errors.ts';
import { findRequestedResource, formatOrganizationScopes, offlineScope } from './scopes.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';

/** What the resource of a token is determined from. */
export interface ResourceOptions {
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
  /** Origins that tokens can be issued for. */
  readonly origins: ReadonlySet<string>;
}

/** The request that the resource is read from. */
interface ResourceRequestContext {
  readonly oidc: { readonly route: string; readonly params?: Record<string, unknown> | undefined };
}

/**
 * Hooks that determine the resource of a token. The OIDC provider reads the `resource` parameter (RFC 8707); Entra
 * reads the resource from the scope.
 */
export function buildResourceFeatures({ directory, lifetimes, origins }: ResourceOptions) {
  return {
    // A sign-in covers every organization of the tenant, the requested one first; a token covers one.
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

/** Requires the scope `<origin>/.default` of the client credentials grant. */
function requireDefaultScope(resource: string | undefined, scope = ''): string {
  if (resource === undefined || scope !== `${resource}/.default`) throw entraErrors.notDefaultScope(scope);
  return resource;
}

/** The code or token that a refresh token is issued for. */
interface RefreshTokenSource {
  scope?: string | undefined;
  readonly scopes: ReadonlySet<string>;
}

/** Whether to issue a refresh token. As in Entra, it can be redeemed for any organization, so its scope is extended. */
export function shouldIssueRefreshToken(code: RefreshTokenSource, origins: ReadonlySet<string>): boolean {
  if (!code.scopes.has(offlineScope) && !code.scopes.has('offline_access')) return false;
  const allScopes = [...origins].flatMap((origin) => formatOrganizationScopes(origin).split(' '));
  code.scope = [...new Set([...code.scopes, 'offline_access', ...allScopes])].join(' ');
  return true;
}
