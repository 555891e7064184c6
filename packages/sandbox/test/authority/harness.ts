import * as oauth from 'oauth4webapi';
import { createCertificate, type TestCertificate } from '../../../../test/support/certificate.ts';
import {
  type AuthorizationServer,
  createAuthorizationServer,
} from '../../src/authority/authorization-server.ts';
import {
  createDirectory,
  type Directory,
  type SandboxApp,
  type User,
} from '../../src/authority/directory.ts';
import { simulateSignIn } from '../../src/authority/simulated-browser.ts';
import { defaultTokenLifetimes, type TokenLifetimes } from '../../src/authority/token-lifetimes.ts';
import { createSeededRandom } from '../../src/random.ts';
import { listen } from '../../src/server/listen.ts';

/** The origins of two organizations. Nothing listens there. */
export const org = 'http://127.0.0.1:5001';
export const otherOrg = 'http://127.0.0.1:5002';
export const redirect = 'http://localhost:7777/callback';

/** A running authority and what a client needs to use it. */
export interface AuthorityHarness {
  readonly url: string;
  readonly authority: AuthorizationServer;
  readonly directory: Directory;
  readonly lifetimes: TokenLifetimes;
  /** A confidential client with a secret and a certificate. */
  readonly app: SandboxApp;
  readonly publicApp: SandboxApp;
  readonly user: User;
  readonly certificate: TestCertificate;
  /** POSTs a form to `/{tenant}/oauth2/v2.0/{endpoint}`; undefined fields are omitted. */
  post(
    endpoint: string,
    fields: Record<string, string | undefined>,
    tenant?: string,
  ): Promise<TokenEndpointResponse>;
  /** The authorize URL. */
  signInUrl(params?: Record<string, string>, tenant?: string): string;
  /** Signs the user in and returns the parameters of the redirect. */
  signIn(params?: Record<string, string>, tenant?: string): Promise<URLSearchParams>;
  /** Signs in to the public app and redeems the code. */
  tokens(scope?: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export interface TokenEndpointResponse {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
  readonly body: any;
}

const app = (name: string, more: Partial<SandboxApp> = {}): SandboxApp => ({
  clientId: crypto.randomUUID(),
  name,
  objectId: crypto.randomUUID(),
  secrets: [],
  certificates: [],
  redirectUris: ['http://localhost/callback', 'https://host.example/callback'],
  multiTenant: true,
  consent: 'granted',
  ...more,
});

/** Starts an authority with a confidential app, a public app and one user. */
export async function startAuthorityHarness(
  options: { strictReuse?: boolean; now?: () => number } = {},
): Promise<AuthorityHarness> {
  const listener = await listen();
  const certificate = createCertificate();
  const confidential = app('Confidential', {
    secrets: [{ value: 'right-secret' }, { value: 'old-secret', expiresAt: 1 }],
    certificates: [certificate.certificate],
  });
  const publicApp = app('Public');
  const user = {
    name: 'rosa@contoso.example',
    displayName: 'Rosa Lind',
    password: 'correct horse',
    objectId: crypto.randomUUID(),
    disabled: false,
  };
  const directory = createDirectory({
    id: crypto.randomUUID(),
    domain: 'contoso.example',
    apps: [confidential, publicApp],
    users: [user],
  });
  const lifetimes = defaultTokenLifetimes();
  const authority = createAuthorizationServer({
    random: createSeededRandom(1),
    origin: listener.origin,
    directory,
    lifetimes,
    origins: new Set([org, otherOrg]),
    detectReuse: options.strictReuse ?? false,
    now: options.now ?? Date.now,
  });
  listener.serve(authority.handle);
  const url = listener.origin;

  const harness: AuthorityHarness = {
    url,
    authority,
    directory,
    lifetimes,
    app: confidential,
    publicApp,
    user,
    certificate,
    async post(endpoint, fields, tenant = directory.tenantId) {
      const present = Object.entries(fields).filter(
        (field): field is [string, string] => field[1] !== undefined,
      );
      const body = new URLSearchParams(present);
      const response = await fetch(`${url}/${tenant}/oauth2/v2.0/${endpoint}`, { method: 'POST', body });
      return { status: response.status, body: await response.json() };
    },
    signInUrl(params = {}, tenant = directory.tenantId) {
      const query = new URLSearchParams({
        client_id: publicApp.clientId,
        response_type: 'code',
        redirect_uri: redirect,
        scope: `openid profile offline_access ${org}/user_impersonation`,
        state: 'some-state',
        ...params,
      });
      return `${url}/${tenant}/oauth2/v2.0/authorize?${query}`;
    },
    async signIn(params, tenant) {
      const end = await simulateSignIn(harness.signInUrl(params, tenant), {
        username: user.name,
        password: user.password,
      });
      return new URL(end.redirectUrl ?? 'about:blank').searchParams;
    },
    async tokens(scope = `openid offline_access ${org}/user_impersonation`) {
      const code = (await harness.signIn({ scope })).get('code') ?? '';
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect,
        client_id: publicApp.clientId,
      };
      return (await harness.post('token', fields)).body;
    },
    close: () => listener.close(),
  };
  return harness;
}

/** Allows oauth4webapi to use plain HTTP on the loopback address. */
export const insecure = { [oauth.allowInsecureRequests]: true };

/** The claims of a JWT, without verification. */
// biome-ignore lint/suspicious/noExplicitAny: tests read JSON of any shape
export function claimsOf(jwt: string): any {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
}
