import { type KeyObject, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Random } from '../random.ts';
import type { RequestHandler } from '../server/listen.ts';
import { buildAccessTokenClaims } from './claims.ts';
import { createSigningKey } from './create-signing-key.ts';
import type { Directory, SandboxApp, User } from './directory.ts';
import { entraErrors } from './entra-errors.ts';
import { createTrace, formatAsEntra } from './entra-format.ts';
import { type EntraOAuthError, entraErrorBody } from './entra-oauth-error.ts';
import type { Provider } from './oidc-provider.ts';
import { buildOpenIdConfiguration } from './openid-configuration.ts';
import { renderErrorPage } from './pages.ts';
import { createProvider } from './provider.ts';
import { createRecordStore, type RecordStore } from './record-store.ts';
import { offlineScope } from './scopes.ts';
import { handleSignIn } from './sign-in.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';

/** Options of an authorization server. */
export interface AuthorizationServerOptions {
  /** Its origin: `http://127.0.0.1:…`. */
  readonly origin: string;
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
  /** Origins of the organizations and of discovery: the resources that tokens can be issued for. */
  readonly origins: ReadonlySet<string>;
  /** Whether using a refresh token twice ends the session. */
  readonly detectReuse: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Source of the signing key and of all ids. */
  readonly random: Random;
}

/** A running authorization server, without its HTTP listener. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The public key of the tokens. */
  readonly publicKey: KeyObject;
  readonly records: RecordStore;
  /** Issues an access token without an OAuth grant. Without `user`, the token is app-only. */
  issueToken(token: { readonly audience: string; readonly app: SandboxApp; readonly user?: User }): string;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Creates an authorization server that speaks the v2.0 protocol of the Microsoft identity platform for one tenant. */
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { directory, origin, random } = options;
  const issuer = `${origin}/${directory.tenantId}/v2.0`;
  const signingKey = createSigningKey(random.fork('signing key'));
  const userCodes = random.fork('user codes');
  const records = createRecordStore({
    detectReuse: options.detectReuse,
    clockOffsetMs: () => options.now() - Date.now(),
    newUserCode: () => createUserCode(userCodes),
    checkRecord({ clientId, accountId }) {
      const app = directory.apps.get(clientId ?? '');
      if (app && !directory.hasConsent(app, accountId ?? '')) throw entraErrors.consentNeeded(app);
    },
  });
  const traced = { ...options, newId: random.fork('traces').uuid, userCodeOf: records.userCodeOf };
  const startProvider = async () => {
    const provider = await createProvider({ ...options, issuer, records, signingKey: signingKey.jwk });
    formatAsEntra(provider, traced);
    return provider;
  };
  return {
    issuer,
    publicKey: signingKey.publicKey,
    records,
    issueToken: (token) =>
      signToken(
        { kid: signingKey.jwk.kid, key: signingKey.privateKey },
        buildAccessTokenClaims({
          ...token,
          issuer,
          tenantId: directory.tenantId,
          issuedAt: Math.floor(options.now() / 1000),
          lifetime: options.lifetimes.accessTokenSeconds,
          id: random.uuid(),
        }),
      ),
    handle: createRouter(traced, startProvider),
  };
}

/** Nine letters that are neither vowels nor easily confused, as Entra shows them. */
function createUserCode(random: Random): string {
  const letters = 'BCDFGHJKLMNPQRSTVWXZ';
  return Array.from({ length: 9 }, () => letters[Math.floor(random.next() * letters.length)]).join('');
}

/** The provider is started by the first request that needs it: many sandboxes are used with issued tokens only. */
function createRouter(
  options: AuthorizationServerOptions & { readonly newId: () => string },
  startProvider: () => Promise<Provider>,
): RequestHandler {
  const { directory, origin, origins } = options;
  const start = async () => {
    const provider = await startProvider();
    return { provider, handle: provider.callback() };
  };
  let started: ReturnType<typeof start> | undefined;
  return async (request, response) => {
    const { tenant, path, search } = parseTarget(request.url ?? '/');
    if (!directory.hasTenant(tenant)) {
      return sendEntraError(options, request, response, entraErrors.unknownTenant(tenant));
    }
    if (path === '/v2.0/.well-known/openid-configuration') {
      return sendJson(response, 200, buildOpenIdConfiguration(origin, tenant, directory.tenantId));
    }
    started ??= start();
    const { provider, handle } = await started;
    if (path.startsWith('/signin/')) {
      return handleSignIn({ provider, directory, origins }, request, response);
    }
    // The provider's routes start after the tenant; it finds its mount path in originalUrl.
    request.url = path + search;
    Object.assign(request, { originalUrl: `/${tenant}${request.url}` });
    await handle(request, response);
  };
}

function signToken(signingKey: { readonly kid: unknown; readonly key: KeyObject }, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: signingKey.kid })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), signingKey.key).toString('base64url')}`;
}

/** Parses `/{tenant}/{path}?{search}` and renames the scope that the provider would drop (see `offlineScope`). */
function parseTarget(target: string): { tenant: string; path: string; search: string } {
  const [path = '', query] = target.split(/\?(.*)/s);
  const [, tenant = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  if (query === undefined) return { tenant, path: rest, search: '' };
  const params = new URLSearchParams(query);
  const scope = params.get('scope');
  if (scope !== null) params.set('scope', scope.replace(/\boffline_access\b/, offlineScope));
  return { tenant, path: rest, search: `?${params}` };
}

function sendEntraError(
  options: AuthorizationServerOptions & { readonly newId: () => string },
  request: IncomingMessage,
  response: ServerResponse,
  error: EntraOAuthError,
): void {
  if (request.headers.accept?.includes('text/html')) {
    response.writeHead(error.status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(renderErrorPage(error.error_description));
  } else {
    const clientRequestId = request.headers['client-request-id'];
    const trace = createTrace(options, typeof clientRequestId === 'string' ? clientRequestId : undefined);
    sendJson(response, error.status, entraErrorBody(error, trace));
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
