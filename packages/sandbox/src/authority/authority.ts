import { generateKeyPair, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { accessTokenClaims } from './claims.ts';
import type { App, Directory, User } from './directory.ts';
import { teachManners, traceOf } from './entra-manners.ts';
import { type EntraRefusal, refusalBody } from './entra-refusal.ts';
import type { Lifetimes } from './lifetimes.ts';
import { openidConfiguration } from './metadata.ts';
import { refusalPage } from './pages.ts';
import { createProvider } from './provider.ts';
import { createRecords, type Records } from './records.ts';
import { refuse } from './refusals.ts';
import { OFFLINE } from './scopes.ts';
import { handleSignIn } from './sign-in.ts';

/** What an authority is made from. */
export interface AuthorityOptions {
  /** Where it listens: `http://127.0.0.1:…`. */
  readonly origin: string;
  readonly directory: Directory;
  readonly lifetimes: Lifetimes;
  /** Origins of the organisations (and of discovery) that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
  readonly strictReuse: boolean;
  readonly now: () => number;
}

/** A running authority, without its socket. */
export interface Authority {
  readonly issuer: string;
  /** Public key that its tokens are signed with. */
  readonly publicKey: KeyObject;
  readonly records: Records;
  /** Signs an access token without any of the protocol. `user` absent: the app acts as itself. */
  issueToken(token: { readonly audience: string; readonly app: App; readonly user?: User }): string;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** Makes an authority that speaks the v2.0 protocol of the Microsoft identity platform for one tenant. */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { directory, origin } = options;
  const issuer = `${origin}/${directory.tenantId}/v2.0`;
  const keys = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const signingKey: JsonWebKey = {
    ...keys.privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
    alg: 'RS256',
  };
  const records = createRecords({
    strictReuse: options.strictReuse,
    check({ clientId, accountId }) {
      const app = directory.apps.get(clientId ?? '');
      if (app && !directory.hasConsent(app, accountId ?? '')) throw refuse.consentNeeded(app);
    },
  });
  const provider = await createProvider({ ...options, issuer, records, signingKey });
  teachManners(provider, options);
  const callback = provider.callback();
  return {
    issuer,
    publicKey: keys.publicKey,
    records,
    issueToken: (token) =>
      signToken(
        { kid: signingKey.kid, key: keys.privateKey },
        accessTokenClaims({
          ...token,
          issuer,
          tenantId: directory.tenantId,
          issuedAt: Math.floor(options.now() / 1000),
          lifetime: options.lifetimes.accessTokenSeconds,
          id: randomUUID(),
        }),
      ),
    async handle(request, response) {
      const { tenant, path, search } = readTarget(request.url ?? '/');
      if (!directory.knowsTenant(tenant)) {
        return answerRefusal(options, request, response, refuse.unknownTenant(tenant));
      }
      if (path === '/v2.0/.well-known/openid-configuration') {
        return answerJson(response, 200, openidConfiguration(origin, tenant, directory.tenantId));
      }
      if (path.startsWith('/signin/')) {
        return handleSignIn({ provider, directory, origins: options.origins }, request, response);
      }
      // The library's routes begin behind the tenant; from originalUrl it learns where it is mounted.
      request.url = path + search;
      Object.assign(request, { originalUrl: `/${tenant}${request.url}` });
      await callback(request, response);
    },
  };
}

function signToken(by: { readonly kid: unknown; readonly key: KeyObject }, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: by.kid })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), by.key).toString('base64url')}`;
}

/** `/{tenant}/{path}?{search}`, with the one word changed that the library would swallow. */
function readTarget(target: string): { tenant: string; path: string; search: string } {
  const [path = '', query] = target.split(/\?(.*)/s);
  const [, tenant = '', rest = '/'] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  if (query === undefined) return { tenant, path: rest, search: '' };
  const params = new URLSearchParams(query);
  const scope = params.get('scope');
  if (scope !== null) params.set('scope', scope.replace(/\boffline_access\b/, OFFLINE));
  return { tenant, path: rest, search: `?${params}` };
}

function answerRefusal(
  options: AuthorityOptions,
  request: IncomingMessage,
  response: ServerResponse,
  refusal: EntraRefusal,
): void {
  if (request.headers.accept?.includes('text/html')) {
    response.writeHead(refusal.status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(refusalPage(refusal.error_description));
  } else {
    const clientRequestId = request.headers['client-request-id'];
    const trace = traceOf(options, typeof clientRequestId === 'string' ? clientRequestId : undefined);
    answerJson(response, refusal.status, refusalBody(refusal, trace));
  }
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
