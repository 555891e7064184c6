import { authenticateClient, readPresentedCredentials } from './client-credentials.ts';
import { type Directory, isSharedTenant, type SandboxApp } from './directory.ts';
import { entraErrors } from './entra-errors.ts';
import { isRegisteredRedirectUri } from './redirect-uris.ts';

/** The request that a client is looked up for. */
export interface ClientRequestContext {
  /** Starts with the tenant: `/organizations/oauth2/v2.0/token`. */
  readonly req: { readonly originalUrl?: string };
  readonly headers: { readonly authorization?: string | undefined };
  readonly oidc: { readonly route: string; readonly params?: Record<string, unknown> | undefined };
}

const grants = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
];

/**
 * The metadata of a client for one request. An app can have several secrets, certificates and loopback redirect URIs;
 * the OIDC provider knows one of each, so it gets the one that the request uses.
 */
export function buildClientMetadata(
  { directory, now }: { readonly directory: Directory; readonly now: () => number },
  clientId: string,
  ctx: ClientRequestContext | undefined,
) {
  const app = directory.apps.get(clientId);
  if (!app) throw entraErrors.unknownApp(clientId, directory.tenantId);
  const params = ctx?.oidc.params;
  if (ctx) checkTenant(app, ctx.req.originalUrl ?? '', params?.grant_type);
  const redirect = params?.redirect_uri;
  const isRegistered = typeof redirect === 'string' && isRegisteredRedirectUri(app.redirectUris, redirect);
  if (ctx?.oidc.route === 'authorization' && typeof redirect === 'string' && !isRegistered) {
    throw entraErrors.wrongRedirect(app, redirect);
  }
  const authentication =
    ctx?.oidc.route === 'token'
      ? authenticateClient(app, readPresentedCredentials(ctx.headers.authorization, params), now())
      : { token_endpoint_auth_method: 'none' };
  return {
    client_id: app.clientId,
    client_name: app.name,
    grant_types: grants,
    response_types: ['code'],
    redirect_uris: isRegistered ? [...new Set([...app.redirectUris, redirect])] : [...app.redirectUris],
    ...authentication,
  };
}

/** With the tenants `organizations` and `common`, only users can sign in, and only to multi-tenant apps. */
function checkTenant(app: SandboxApp, target: string, grant: unknown): void {
  if (!isSharedTenant(target.split('/')[1] ?? '')) return;
  if (!app.multiTenant) throw entraErrors.notMultiTenant(app);
  if (grant === 'client_credentials') throw entraErrors.noTenant();
}
