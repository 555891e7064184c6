import { sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import { Secret } from '../../model/secret.ts';
import { managedIdentity, workloadAssertion } from '../identity/index.ts';
import {
  askWithRetries,
  type ManagerServices,
  parseBody,
  readCode,
  refused,
  unexpectedAnswer,
} from './ask-manager.ts';
import type { KeyVaultAddress } from './secret-address.ts';

const manager = 'Azure Key Vault';
const apiVersion = '7.4';

/**
 * Reads a secret of Azure Key Vault: one version, or the newest. The token is that of `azureCredential`, of the app in
 * AZURE_TENANT_ID and AZURE_CLIENT_ID (its secret, or a workload identity), or of the machine's managed identity.
 *
 * @returns the value as it is stored
 * @throws SETTING_INVALID if there is no such secret, or it may not be read
 * @see https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 */
export async function readKeyVaultSecret(
  address: KeyVaultAddress,
  services: ManagerServices,
): Promise<string> {
  const { send, clock } = services;
  const authorization = `Bearer ${(await requestToken(address, services)).reveal()}`;
  const url = `${address.url.origin}${address.url.pathname.replace(/\/$/, '')}?api-version=${apiVersion}`;
  const response = await askWithRetries(clock, () =>
    sendToAuthority(send, clock, {
      method: 'GET',
      url,
      headers: { accept: 'application/json', authorization },
    }),
  );
  const { value, error } = parseBody(response) as KeyVaultBody;
  if (response.status === 200 && typeof value === 'string') return value;
  const code = readCode(error?.innererror?.code ?? error?.code);
  if (response.status === 404)
    throw refused(manager, `has no such secret${code}.`, 'Compare the address with the secret identifier.');
  if (response.status === 401 || response.status === 403)
    throw refused(
      manager,
      `does not let this process read the secret${code}.`,
      'Give the identity the role "Key Vault Secrets User", allow this network in the firewall of the vault, and enable the secret.',
    );
  throw unexpectedAnswer(manager, response);
}

interface KeyVaultBody {
  readonly value?: unknown;
  readonly error?: { readonly code?: unknown; readonly innererror?: { readonly code?: unknown } };
}

async function requestToken(address: KeyVaultAddress, services: ManagerServices): Promise<Secret> {
  const { env, clock, azureCredential } = services;
  const scope = `${address.resource}/.default`;
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId } = env;
  const app = clientId === undefined ? undefined : findApp(clientId, services);
  if (azureCredential === undefined && tenant && app) {
    const { createOAuthClient } = await import('../../auth/create-oauth-client.ts');
    const { authorityOrigin: origin } = address;
    const authority = { origin, tenant, issuers: [origin] as const };
    const client = createOAuthClient({ authority, app, send: services.send, clock });
    return (await askWithRetries(clock, () => client.requestAppToken([scope]))).accessToken.token;
  }
  const choice = clientId ? { clientId } : {};
  const credential = azureCredential ?? managedIdentity(choice, { send: services.sendLocally, clock, env });
  const token = await credential.getToken(scope);
  if (token !== null) return new Secret(token.token);
  throw new ConnectorError('RECONNECT_NEEDED', 'The TokenCredential returned no token.', {
    advice: 'See the log of the host for the reason.',
  });
}

/** The app registration of the environment, with the names that the Azure SDK has for it. */
function findApp(clientId: string, { env, send, clock }: ManagerServices) {
  const { AZURE_CLIENT_SECRET: secret } = env;
  if (secret) return { clientId, clientSecret: new Secret(secret) };
  const isWorkload =
    env.AZURE_FEDERATED_TOKEN_FILE || env.ACTIONS_ID_TOKEN_REQUEST_URL || env.SYSTEM_OIDCREQUESTURI;
  return isWorkload ? { clientId, assertion: workloadAssertion({ env, send, clock }) } : undefined;
}
