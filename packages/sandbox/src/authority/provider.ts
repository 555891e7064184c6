import type { JsonWebKey } from 'node:crypto';
import type { Random } from '../random.ts';
import { buildIdTokenClaims, idTokenClaims } from './claims.ts';
import { buildClientMetadata, type ClientRequestContext } from './client-metadata.ts';
import { findExistingGrant } from './consent-grant.ts';
import type { Directory } from './directory.ts';
import { type Configuration, loadOidcProvider, type Provider } from './oidc-provider.ts';
import {
  renderDeviceCodePage,
  renderDeviceConfirmPage,
  renderDeviceDonePage,
  renderErrorPage,
} from './pages.ts';
import type { RecordStore } from './record-store.ts';
import { buildResourceFeatures, shouldIssueRefreshToken } from './resources.ts';
import { openidScopes } from './scopes.ts';
import { shapeAccessToken } from './shape-access-token.ts';
import type { TokenLifetimes } from './token-lifetimes.ts';
import { toEntraOAuthError } from './translate-error.ts';

/** Options of the OIDC provider. */
export interface ProviderOptions {
  /** `http://127.0.0.1:…/{tenant id}/v2.0` */
  readonly issuer: string;
  readonly directory: Directory;
  readonly records: RecordStore;
  readonly lifetimes: TokenLifetimes;
  /** Origins that tokens can be issued for. */
  readonly origins: ReadonlySet<string>;
  /** Private RSA key. */
  readonly signingKey: JsonWebKey;
  /** Milliseconds since the epoch, for the times in access tokens. */
  readonly now: () => number;
  /** Source of token ids, codes and refresh tokens. */
  readonly random: Random;
}

/** Creates an OIDC provider that is configured like Microsoft Entra ID. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const library = await loadOidcProvider();
  const policy = library.interactionPolicy.base();
  // Entra does not ask for consent again only because the client is a native app.
  policy.get('consent')?.checks.remove('native_client_prompt');
  policy.add(new library.interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  const provider: Provider = new library.Provider(options.issuer, {
    ...baseConfiguration(options),
    adapter: ((kind: string) =>
      kind === 'Client'
        ? {
            find: async (id: string) =>
              buildClientMetadata(options, id, library.Provider.ctx as ClientRequestContext),
          }
        : options.records.adapter(kind)) as NonNullable<Configuration['adapter']>,
    interactions: {
      policy,
      url: (_ctx, interaction) => `/${options.directory.tenantId}/signin/${interaction.uid}`,
    },
    features: featureConfiguration(options),
    loadExistingGrant: (ctx) => findExistingGrant(provider, options, ctx),
  });
  provider.silent = true;
  seedTokenIds(provider, options.random);
  setIdTokenTimes(provider, options);
  return provider;
}

/** Takes ids from the source: authorization codes and refresh tokens are ids, access tokens contain one. */
function seedTokenIds(provider: Provider, random: Random): void {
  const { AccessToken, AuthorizationCode, ClientCredentials, DeviceCode, RefreshToken } = provider;
  for (const { prototype } of [AccessToken, AuthorizationCode, ClientCredentials, DeviceCode, RefreshToken]) {
    const generateTokenId: unknown = Reflect.get(prototype, 'generateTokenId');
    if (typeof generateTokenId !== 'function') throw new Error('The OIDC provider has no generateTokenId.');
    Object.assign(prototype, {
      generateTokenId(this: unknown) {
        // The provider's own method also chooses the format of the token.
        generateTokenId.call(this);
        return Buffer.from(random.hex(32), 'hex').toString('base64url');
      },
    });
  }
}

/** Id tokens have the times of the authority's clock, as access tokens do. */
function setIdTokenTimes(provider: Provider, { now }: ProviderOptions): void {
  const { prototype } = provider.IdToken;
  const issue = prototype.issue;
  prototype.issue = function (options) {
    const issuedAt = Math.floor(now() / 1000);
    this.set('iat', issuedAt);
    this.set('nbf', issuedAt);
    return issue.call(this, { ...options, expiresAt: issuedAt + idTokenSeconds });
  };
}

const idTokenSeconds = 3600;

/** The settings that do not depend on the request. */
function baseConfiguration(options: ProviderOptions): Configuration {
  const { directory, lifetimes } = options;
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    claims: { ...idTokenClaims },
    conformIdTokenClaims: false,
    clientAuthMethods: ['none', 'client_secret_post', 'private_key_jwt'],
    cookies: { keys: [options.random.fork('cookie key').uuid()], short: cookie, long: cookie },
    expiresWithSession: () => false,
    findAccount: (_ctx, id) => {
      const user = directory.findUserById(id);
      if (!user || user.disabled) return undefined;
      return { accountId: id, claims: () => buildIdTokenClaims(user, directory.tenantId) };
    },
    formats: { customizers: { jwt: (_ctx, token, parts) => shapeAccessToken(options, token, parts) } },
    issueRefreshToken: (_ctx, _client, code) => shouldIssueRefreshToken(code, options.origins),
    jwks: { keys: [options.signingKey as never] },
    pkce: { required: () => false },
    renderError: (ctx, _out, error) => {
      ctx.type = 'html';
      ctx.body = renderErrorPage(toEntraOAuthError(error).error_description);
    },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes,
    scopes: [...openidScopes],
    ttl: recordLifetimes(lifetimes),
  };
}

/** Lifetimes in seconds. They are functions, because the lifetimes of a sandbox can change at runtime. */
function recordLifetimes(lifetimes: TokenLifetimes): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: () => lifetimes.accessTokenSeconds,
    ClientCredentials: () => lifetimes.accessTokenSeconds,
    AuthorizationCode: () => lifetimes.codeSeconds,
    DeviceCode: () => lifetimes.deviceCodeSeconds,
    RefreshToken: () => lifetimes.refreshTokenSeconds,
    IdToken: () => idTokenSeconds,
    Grant: () => 10 * 365 * 86_400,
    Session: () => 86_400,
    Interaction: () => 3600,
  };
}

const routes = {
  authorization: '/oauth2/v2.0/authorize',
  token: '/oauth2/v2.0/token',
  device_authorization: '/oauth2/v2.0/devicecode',
  code_verification: '/oauth2/deviceauth',
  end_session: '/oauth2/v2.0/logout',
  jwks: '/discovery/v2.0/keys',
};

function featureConfiguration(options: ProviderOptions): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: {
      enabled: true,
      charset: 'base-20',
      mask: '*********',
      userCodeInputSource(ctx, form, _out, error) {
        ctx.body = renderDeviceCodePage(form, error?.message);
      },
      userCodeConfirmSource(ctx, form, client) {
        ctx.body = renderDeviceConfirmPage(form, client.clientName ?? client.clientId);
      },
      successSource(ctx) {
        ctx.body = renderDeviceDonePage();
      },
    },
    resourceIndicators: { enabled: true, ...buildResourceFeatures(options) },
  };
}
