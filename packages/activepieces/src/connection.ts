import { PieceAuth, Property } from '@activepieces/pieces-framework';
import { type Client, ConnectorError, type Credential, type StateStore } from 'dynamics365-connector';
import { createClient, openConnection, runtimeOf } from 'dynamics365-connector/host';
import type { PieceContext } from './piece-context.ts';
import { describeError } from './piece-error.ts';
import type { ConnectionTest, PieceAuthentication } from './piece-types.ts';

const environmentUrl = Property.ShortText({
  displayName: 'Environment URL',
  description:
    'The address in the browser when you work in Dynamics 365, up to the first slash: https://yourorg.crm.dynamics.com',
  required: true,
});

const tenantText = {
  displayName: 'Tenant',
  description: 'ID or domain of the Microsoft Entra tenant, such as contoso.onmicrosoft.com',
  required: true,
};

const clouds = {
  Commercial: 'login.microsoftonline.com',
  'US Government (GCC High, DoD)': 'login.microsoftonline.us',
  'China (21Vianet)': 'login.partner.microsoftonline.cn',
};

/** The kinds of connections: a user, whose token the platform renews, or an app, which the engine signs in. */
export function createAuthentication(context: PieceContext): PieceAuthentication {
  const validate = ({ auth }: { readonly auth: unknown }) => testConnection(context, auth);
  const user = PieceAuth.OAuth2({
    displayName: 'User',
    description:
      'Register an app in Microsoft Entra with the redirect URL that is shown here and the delegated permission "Dynamics CRM: user_impersonation". Flows act as the user who signs in.',
    required: true,
    props: {
      environmentUrl,
      tenant: Property.ShortText({ ...tenantText, defaultValue: 'organizations' }),
      login: Property.StaticDropdown({
        displayName: 'Cloud',
        required: true,
        defaultValue: clouds.Commercial,
        options: { options: Object.entries(clouds).map(([label, value]) => ({ label, value })) },
      }),
    },
    authUrl: 'https://{login}/{tenant}/oauth2/v2.0/authorize',
    tokenUrl: 'https://{login}/{tenant}/oauth2/v2.0/token',
    scope: ['{environmentUrl}/user_impersonation', 'openid', 'profile', 'offline_access'],
    pkce: true,
    prompt: 'omit',
    validate,
  });
  const app = PieceAuth.CustomAuth({
    displayName: 'App',
    description:
      'An app registration in Microsoft Entra with a client secret, which is an application user with a security role in the environment.',
    required: true,
    props: {
      environmentUrl,
      tenant: Property.ShortText(tenantText),
      clientId: Property.ShortText({
        displayName: 'Client ID',
        description: 'Application (client) ID of the app registration',
        required: true,
      }),
      clientSecret: PieceAuth.SecretText({
        displayName: 'Client secret',
        description: 'The value of the secret, not its ID',
        required: true,
      }),
    },
    validate,
  });
  return [user, app];
}

/** The values of a connection: those of its form, and for a user the token. */
interface ConnectionValue {
  readonly access_token?: string;
  readonly props?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens the client of a connection. The environment URL comes from the connection only, so that no step can make it send its
 * token elsewhere.
 *
 * @param feedStore Where polls keep the state of their feed. Default: the store of the process.
 * @throws CONNECTION_INVALID when the connection cannot be used.
 */
export function openClient(
  { connector, connectOptions }: PieceContext,
  auth: unknown,
  feedStore?: StateStore,
): Client {
  const runtime = runtimeOf(connector);
  const { props = {}, access_token: token } = (auth ?? {}) as ConnectionValue;
  const { environmentUrl: orgUrl = '', tenant } = props;
  const settings = token === undefined ? { orgUrl, tenant } : { orgUrl };
  const connection = openConnection(runtime, settings, credentialOf(token, props), connectOptions);
  const { services } = runtime;
  return createClient({ ...connection, services: { ...services, store: feedStore ?? services.store } });
}

function credentialOf(
  token: string | undefined,
  { clientId = '', clientSecret }: NonNullable<ConnectionValue['props']>,
): Credential {
  if (token === undefined) return { kind: 'app', app: { clientId, clientSecret } };
  return {
    kind: 'host',
    getToken({ rejected }) {
      if (!rejected) return { token, expiresAt: Number.POSITIVE_INFINITY };
      throw new ConnectorError('RECONNECT_NEEDED', 'The organization rejected the access token.', {
        advice: 'Reconnect the connection in Activepieces, and check its environment URL.',
      });
    },
  };
}

/** Signs in and asks the organization who it is; says why that does not work. */
async function testConnection(context: PieceContext, auth: unknown): Promise<ConnectionTest> {
  const isToken = typeof auth === 'object' && auth !== null && 'access_token' in auth;
  try {
    await openClient(context, isToken ? auth : { props: auth }).check();
    return { valid: true };
  } catch (error) {
    return { valid: false, error: describeError(error) };
  }
}
