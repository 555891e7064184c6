import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type AuthorityResponse, sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { isLoopbackHost } from '../../model/loopback.ts';
import { askWithRetries, type ManagerServices, parseBody, refused, unexpectedAnswer } from './ask-manager.ts';
import type { HashiCorpAddress } from './secret-address.ts';

const manager = 'HashiCorp Vault';
const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Reads a secret of HashiCorp Vault, from the key-value engine of version 1 or 2. The token is VAULT_TOKEN, or that of a
 * sign-in with VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole), or with VAULT_ROLE and the service account of the pod
 * (Kubernetes; VAULT_AUTH_PATH if the method is mounted elsewhere), or the file that `vault login` writes. An agent on this
 * machine needs none.
 *
 * @returns the fields of the secret
 * @throws SETTING_INVALID if there is no such secret, or it may not be read
 * @see https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version
 */
export async function readHashiCorpSecret(
  { url }: HashiCorpAddress,
  services: ManagerServices,
): Promise<JsonObject> {
  assertSameServer(url, services.env.VAULT_ADDR);
  const ask = createAsk(url, services);
  const token = await findToken(url, services.env, ask);
  const response = await ask('GET', url.pathname, { token });
  const { data } = parseBody(response);
  if (response.status === 200 && isJsonObject(data)) return unwrapVersion(data);
  if (response.status === 404)
    throw refused(
      manager,
      'has no such secret.',
      'With version 2 of the key-value engine, the path has "data" after the mount: /v1/secret/data/d365. A deleted version counts as missing.',
    );
  if (response.status === 403 || response.status === 401)
    throw refused(
      manager,
      'does not let this process read the secret.',
      'Check that the token has not expired, and that its policy has "read" on the path.',
    );
  throw unexpectedAnswer(manager, response);
}

/** Version 2 of the engine puts the fields into `data.data`, beside `data.metadata`. */
function unwrapVersion(data: JsonObject): JsonObject {
  return isJsonObject(data.data) && isJsonObject(data.metadata) ? data.data : data;
}

/** A token of one server must not be sent to another. */
function assertSameServer(url: URL, address: string | undefined): void {
  if (!address || (URL.canParse(address) && new URL(address).origin === url.origin)) return;
  throw new ConnectorError(
    'SETTING_INVALID',
    'VAULT_ADDR names another server than the address of the secret.',
    {
      advice: 'Remove VAULT_ADDR, or use the same server in both.',
    },
  );
}

type Ask = (
  method: 'GET' | 'POST',
  path: string,
  content: { readonly token?: string | undefined; readonly body?: JsonObject },
) => Promise<AuthorityResponse>;

function createAsk(url: URL, { send, sendLocally, clock, env }: ManagerServices): Ask {
  const sender = isLoopbackHost(url.hostname) ? sendLocally : send;
  return (method, path, { token, body }) => {
    const headers: Record<string, string> = { accept: 'application/json', 'x-vault-request': 'true' };
    if (env.VAULT_NAMESPACE) headers['x-vault-namespace'] = env.VAULT_NAMESPACE;
    if (token !== undefined) headers['x-vault-token'] = token;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const request = { method, url: `${url.origin}${path}`, headers };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return askWithRetries(clock, () => sendToAuthority(sender, clock, { ...request, ...content }));
  };
}

async function findToken(url: URL, env: ManagerServices['env'], ask: Ask): Promise<string | undefined> {
  const { VAULT_TOKEN: token, VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId, VAULT_ROLE: role } = env;
  if (token) return assertHeader(token);
  if (roleId && secretId)
    return await signIn(ask, env.VAULT_AUTH_PATH || 'approle', { role_id: roleId, secret_id: secretId });
  if (role) {
    const jwt = await readText(serviceAccountToken);
    if (jwt === undefined)
      throw refused(
        manager,
        'needs the token of a service account.',
        `VAULT_ROLE is for pods of Kubernetes, which have ${serviceAccountToken}.`,
      );
    return await signIn(ask, env.VAULT_AUTH_PATH || 'kubernetes', { role, jwt });
  }
  const saved = await readText(join(env.HOME || homedir(), '.vault-token'));
  if (saved !== undefined) return assertHeader(saved);
  if (isLoopbackHost(url.hostname)) return undefined;
  throw refused(
    manager,
    'needs a token.',
    'Set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or in a pod VAULT_ROLE; or run an agent on this machine.',
  );
}

async function signIn(ask: Ask, mount: string, body: JsonObject): Promise<string> {
  const path = `/v1/auth/${mount.split('/').map(encodeURIComponent).join('/')}/login`;
  const response = await ask('POST', path, { body });
  const { auth } = parseBody(response);
  const token = isJsonObject(auth) ? auth.client_token : undefined;
  if (response.status === 200 && typeof token === 'string' && token !== '') return assertHeader(token);
  if (response.status >= 400)
    throw refused(
      manager,
      `rejects the sign-in (HTTP ${response.status}).`,
      'Check the role, its bound service accounts or secret id, and where the method is mounted (VAULT_AUTH_PATH).',
    );
  throw unexpectedAnswer(manager, response);
}

async function readText(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

function assertHeader(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw refused(manager, 'needs a token without spaces and line breaks.', 'Copy the token again.');
}
