import type { Directory } from './directory.ts';
import type { Lifetimes } from './lifetimes.ts';
import { refuse } from './refusals.ts';
import { OFFLINE, requestedResource, scopesOf } from './scopes.ts';

/** What decides which organisation a token is for. */
export interface ResourceOptions {
  readonly directory: Directory;
  readonly lifetimes: Lifetimes;
  /** Origins that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
}

/** What is read from the request. */
interface Context {
  readonly oidc: { readonly route: string; readonly params?: Record<string, unknown> | undefined };
}

/**
 * The resource rules as hooks of the OAuth library: it would follow a `resource` parameter (RFC 8707), Entra
 * reads the resource out of the scope.
 */
export function resourceRules({ directory, lifetimes, origins }: ResourceOptions) {
  return {
    // A sign-in is good for every organisation of the tenant, the one asked for first; a token is for one.
    defaultResource(ctx: Context, _client: unknown, granted?: unknown): string | string[] | undefined {
      const scope = ctx.oidc.params?.scope as string | undefined;
      const resource = requestedResource({ scope, origins, tenant: directory.tenantId });
      if (granted !== undefined) return resource ?? (granted as readonly string[])[0];
      if (ctx.oidc.route === 'token') return onlyDefault(resource, scope);
      return resource === undefined ? undefined : [resource, ...[...origins].filter((o) => o !== resource)];
    },
    getResourceServerInfo(_ctx: unknown, origin: string) {
      if (!origins.has(origin)) throw refuse.unknownResource(origin, directory.tenantId);
      return {
        scope: scopesOf(origin),
        audience: origin,
        accessTokenTTL: lifetimes.accessTokenSeconds,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'RS256' as const } },
      };
    },
  };
}

/** An app that acts as itself asks for `<origin>/.default` and nothing else. */
function onlyDefault(resource: string | undefined, scope = ''): string {
  if (resource === undefined || scope !== `${resource}/.default`) throw refuse.notDefaultScope(scope);
  return resource;
}

/** What a refresh token will be made from. */
interface GrantSource {
  scope?: string | undefined;
  readonly scopes: ReadonlySet<string>;
}

/** Says whether to issue a refresh token, and lets it be redeemed for any organisation, as Entra does. */
export function issueRefreshToken(code: GrantSource, origins: ReadonlySet<string>): boolean {
  if (!code.scopes.has(OFFLINE) && !code.scopes.has('offline_access')) return false;
  const everywhere = [...origins].flatMap((origin) => scopesOf(origin).split(' '));
  code.scope = [...new Set([...code.scopes, 'offline_access', ...everywhere])].join(' ');
  return true;
}
