import { ConnectorError } from '../../errors/connector-error.ts';
import { isLoopbackHost } from '../../model/loopback.ts';

/** Which of several identities of a machine is meant; none: the one that the system assigned. */
export interface IdentityChoice {
  readonly clientId?: string;
  readonly objectId?: string;
  /** Resource id in Azure: `/subscriptions/...`. */
  readonly resourceId?: string;
}

/** The endpoint of a machine that gives out tokens of its managed identity. */
export interface IdentitySource {
  readonly kind: 'app-service' | 'arc' | 'service-fabric' | 'machine-learning' | 'imds';
  /** Without the resource. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

const imdsAddress = 'http://169.254.169.254';

/**
 * Finds the token endpoint of this machine from its environment variables.
 *
 * @throws SETTING_INVALID if a variable names an endpoint that is not on this machine: a token must not be asked for, and
 * the secret of the endpoint must not be sent, anywhere else
 * @see https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity
 * @see https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export function findIdentitySource(env: Variables, choice: IdentityChoice): IdentitySource {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
  if (endpoint && header && env.IDENTITY_SERVER_THUMBPRINT) {
    const url = toUrl('IDENTITY_ENDPOINT', endpoint, { 'api-version': '2019-07-01-preview' });
    return { kind: 'service-fabric', url: choose(url, choice, 'mi_res_id'), headers: { secret: header } };
  }
  if (endpoint && header) {
    const url = toUrl('IDENTITY_ENDPOINT', endpoint, { 'api-version': '2019-08-01' });
    return {
      kind: 'app-service',
      url: choose(url, choice, 'mi_res_id'),
      headers: { 'x-identity-header': header },
    };
  }
  if (endpoint && env.IMDS_ENDPOINT) {
    const url = toUrl('IDENTITY_ENDPOINT', endpoint, { 'api-version': '2020-06-01' });
    return { kind: 'arc', url: choose(url, choice, 'mi_res_id'), headers: { metadata: 'true' } };
  }
  if (env.MSI_ENDPOINT && env.MSI_SECRET) {
    const url = toUrl('MSI_ENDPOINT', env.MSI_ENDPOINT, { 'api-version': '2017-09-01' });
    if (choice.clientId !== undefined) url.searchParams.set('clientid', choice.clientId);
    return { kind: 'machine-learning', url, headers: { secret: env.MSI_SECRET } };
  }
  const host = env.AZURE_POD_IDENTITY_AUTHORITY_HOST || imdsAddress;
  const address = `${host.replace(/\/$/, '')}/metadata/identity/oauth2/token`;
  const url = toUrl('AZURE_POD_IDENTITY_AUTHORITY_HOST', address, { 'api-version': '2018-02-01' });
  return { kind: 'imds', url: choose(url, choice, 'msi_res_id'), headers: { metadata: 'true' } };
}

function choose(
  url: URL,
  { clientId, objectId, resourceId }: IdentityChoice,
  resourceParameter: string,
): URL {
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  if (objectId !== undefined) url.searchParams.set('object_id', objectId);
  if (resourceId !== undefined) url.searchParams.set(resourceParameter, resourceId);
  return url;
}

const linkLocal = /^169\.254\.\d{1,3}\.\d{1,3}$/;

function toUrl(variable: string, text: string, parameters: Readonly<Record<string, string>>): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !(isLoopbackHost(url.hostname) || linkLocal.test(url.hostname))) {
    throw new ConnectorError('SETTING_INVALID', `${variable} is not an endpoint of this machine.`, {
      advice: 'The platform sets the variable. Remove it where there is no managed identity.',
    });
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
