import type { JsonWebKey } from 'node:crypto';
import { ID_TOKEN_CLAIMS, idTokenClaims } from './claims.ts';
import { clientMetadata, type RequestContext } from './client-metadata.ts';
import { existingGrant } from './consent-grant.ts';
import type { Directory } from './directory.ts';
import { type Configuration, loadLibrary, type Provider } from './library.ts';
import type { Lifetimes } from './lifetimes.ts';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, refusalPage } from './pages.ts';
import type { Records } from './records.ts';
import { issueRefreshToken, resourceRules } from './resources.ts';
import { OPENID_SCOPES } from './scopes.ts';
import { shapeAccessToken } from './shape-access-token.ts';
import { translate } from './translate.ts';

/** What the OAuth library is set up from. */
export interface ProviderOptions {
  /** `http://127.0.0.1:…/{tenant id}/v2.0` */
  readonly issuer: string;
  readonly directory: Directory;
  readonly records: Records;
  readonly lifetimes: Lifetimes;
  /** Origins that tokens may be had for. */
  readonly origins: ReadonlySet<string>;
  /** Private RSA key. */
  readonly signingKey: JsonWebKey;
  /** Milliseconds since the epoch, for what stands in access tokens. */
  readonly now: () => number;
}

/** Sets up the OAuth library as an authority in the manner of Entra. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const library = await loadLibrary();
  const policy = library.interactionPolicy.base();
  // Entra does not ask again only because a client is a native one.
  policy.get('consent')?.checks.remove('native_client_prompt');
  policy.add(new library.interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  const provider: Provider = new library.Provider(options.issuer, {
    ...basics(options),
    adapter: ((kind: string) =>
      kind === 'Client'
        ? {
            find: async (id: string) =>
              clientMetadata(options.directory, id, library.Provider.ctx as RequestContext),
          }
        : options.records.shelf(kind)) as NonNullable<Configuration['adapter']>,
    interactions: {
      policy,
      url: (_ctx, interaction) => `/${options.directory.tenantId}/signin/${interaction.uid}`,
    },
    features: features(options),
    loadExistingGrant: (ctx) => existingGrant(provider, options, ctx),
  });
  provider.silent = true;
  return provider;
}

/** Settings that need no thought beyond their names. */
function basics(options: ProviderOptions): Configuration {
  const { directory, lifetimes } = options;
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  return {
    claims: { ...ID_TOKEN_CLAIMS },
    conformIdTokenClaims: false,
    clientAuthMethods: ['none', 'client_secret_post', 'private_key_jwt'],
    cookies: { keys: [crypto.randomUUID()], short: cookie, long: cookie },
    expiresWithSession: () => false,
    findAccount: (_ctx, id) => {
      const user = directory.userById(id);
      if (!user || user.disabled) return undefined;
      return { accountId: id, claims: () => idTokenClaims(user, directory.tenantId) };
    },
    formats: { customizers: { jwt: (_ctx, token, parts) => shapeAccessToken(options, token, parts) } },
    issueRefreshToken: (_ctx, _client, code) => issueRefreshToken(code, options.origins),
    jwks: { keys: [options.signingKey as never] },
    pkce: { required: () => false },
    renderError: (ctx, _out, error) => {
      ctx.type = 'html';
      ctx.body = refusalPage(translate(error).error_description);
    },
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes: {
      authorization: '/oauth2/v2.0/authorize',
      token: '/oauth2/v2.0/token',
      device_authorization: '/oauth2/v2.0/devicecode',
      code_verification: '/oauth2/deviceauth',
      end_session: '/oauth2/v2.0/logout',
      jwks: '/discovery/v2.0/keys',
    },
    scopes: [...OPENID_SCOPES],
    ttl: {
      AccessToken: () => lifetimes.accessTokenSeconds,
      ClientCredentials: () => lifetimes.accessTokenSeconds,
      AuthorizationCode: () => lifetimes.codeSeconds,
      DeviceCode: () => lifetimes.deviceCodeSeconds,
      RefreshToken: () => lifetimes.refreshTokenSeconds,
      IdToken: () => 3600,
      Grant: () => 10 * 365 * 86_400,
      Session: () => 86_400,
      Interaction: () => 3600,
    },
  };
}

function features(options: ProviderOptions): NonNullable<Configuration['features']> {
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
        ctx.body = deviceCodePage(form, error?.message);
      },
      userCodeConfirmSource(ctx, form, client) {
        ctx.body = deviceConfirmPage(form, client.clientName ?? client.clientId);
      },
      successSource(ctx) {
        ctx.body = deviceDonePage();
      },
    },
    resourceIndicators: { enabled: true, ...resourceRules(options) },
  };
}
