import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { HostToken } from '../../auth/host-token-source.ts';
import { type AuthorityResponse, sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { HttpSender } from '../../model/http.ts';
import type { Clock } from '../../model/runtime-services.ts';
import { findIdentitySource, type IdentityChoice, type IdentitySource } from './identity-source.ts';

/** What a managed identity is asked with. */
export interface ManagedIdentityServices {
  /** Must not use a proxy: the endpoints are on this machine. */
  readonly send: HttpSender;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks the platform for a token of the machine's managed identity: virtual machines, App Service, Functions, Container
 * Apps, AKS with pod identity, Azure Arc, Service Fabric, Machine Learning. Environment and files are read at each call.
 *
 * @param resource the address of the organization: `https://contoso.crm.dynamics.com`
 * @throws CONNECTION_INVALID if this machine has no managed identity, RECONNECT_NEEDED if the platform refuses
 */
export async function requestManagedIdentityToken(
  services: ManagedIdentityServices,
  resource: string,
  choice: IdentityChoice = {},
): Promise<HostToken> {
  const source = findIdentitySource(services.env, choice);
  source.url.searchParams.set('resource', resource);
  if (source.kind === 'imds') await assertReachable(services, source);
  const response = await sendWithRetries(services, source);
  return readToken(response, services.clock.now());
}

const probeMs = 1000;
const noIdentity = 'This machine has no managed identity.';

/** Elsewhere than in Azure, nobody answers at the address, and a request would wait for long. */
async function assertReachable(
  { send, clock }: ManagedIdentityServices,
  { url }: IdentitySource,
): Promise<void> {
  const { origin, pathname } = url;
  const timer = new AbortController();
  const probe = send({ method: 'GET', url: `${origin}${pathname}`, headers: {}, signal: timer.signal }).then(
    () => true,
    () => false,
  );
  const isThere = await Promise.race([probe, clock.sleep(probeMs).then(() => false)]);
  timer.abort();
  if (isThere) return;
  throw new ConnectorError('CONNECTION_INVALID', noIdentity, {
    advice: 'Run it in Azure on a resource with a managed identity, or sign in with an app registration.',
  });
}

/** How often a request is repeated, and how long the pauses are. */
const retries = { maxCount: 3, delayMs: 1000, updatingCount: 7, updatingDelayMs: 10_000 };
const retryableStatuses = [404, 408, 410, 429, 500, 502, 503, 504];

async function sendWithRetries(
  services: ManagedIdentityServices,
  source: IdentitySource,
): Promise<AuthorityResponse> {
  for (let count = 1; ; count++) {
    const { response, error } = await trySend(services, source);
    const status = response?.status ?? error?.details.status ?? 0;
    // IMDS answers 410 while it is updated, for up to 70 seconds.
    const isUpdating = status === 410;
    const isLast = count > (isUpdating ? retries.updatingCount : retries.maxCount);
    if (!retryableStatuses.includes(status) || isLast) {
      if (response !== undefined) return response;
      throw error;
    }
    const delayMs = isUpdating ? retries.updatingDelayMs : retries.delayMs * 2 ** (count - 1);
    await services.clock.sleep(error?.details.retryAfterMs ?? delayMs);
  }
}

interface Attempt {
  readonly response?: AuthorityResponse;
  readonly error?: ConnectorError;
}

async function trySend(services: ManagedIdentityServices, source: IdentitySource): Promise<Attempt> {
  const { send, clock } = services;
  const { url, headers } = source;
  try {
    const request = { method: 'GET', url: url.href, headers } as const;
    const response = await sendToAuthority(send, clock, request);
    if (source.kind !== 'arc' || response.status !== 401) return { response };
    const authorization = `Basic ${await readArcSecret(response)}`;
    return {
      response: await sendToAuthority(send, clock, { ...request, headers: { ...headers, authorization } }),
    };
  } catch (error) {
    if (ConnectorError.is(error)) return { error };
    throw error;
  }
}

const arcFolders = ['/var/opt/azcmagent/tokens', 'C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens'];
const maxSecretBytes = 4096;

/**
 * Reads the file that the agent of Azure Arc names, which proves that we may. Only a key file of its folder is read: a
 * server that pretends to be the agent must not learn any other file.
 */
async function readArcSecret({ headers }: AuthorityResponse): Promise<string> {
  const [, file] = /^Basic realm="?([^"]+?)"?$/i.exec(headers['www-authenticate'] ?? '') ?? [];
  const isKeyFile =
    file !== undefined &&
    resolve(file) === file &&
    arcFolders.includes(dirname(file)) &&
    extname(file) === '.key';
  if (!isKeyFile)
    throw new ConnectorError(
      'SIGN_IN_INVALID',
      'The agent of Azure Arc named a file that is not one of its keys.',
    );
  try {
    if ((await stat(file)).size <= maxSecretBytes) return (await readFile(file, 'utf8')).trim();
  } catch {
    // The same advice as for a file that is too large.
  }
  throw new ConnectorError('SETTING_INVALID', 'The key file of Azure Arc cannot be read.', {
    advice:
      'Add the user of this process to the group "himds" (Linux) or "Hybrid agent extension applications".',
  });
}

interface TokenBody {
  readonly access_token?: unknown;
  readonly expires_on?: unknown;
  readonly expires_in?: unknown;
  readonly error_description?: unknown;
}

function readToken({ status, text }: AuthorityResponse, now: number): HostToken {
  const body = parseBody(text);
  const { access_token: token } = body;
  if (status === 200 && typeof token === 'string' && token !== '')
    return { token, expiresAt: readExpiry(body, now) };
  const reason = typeof body.error_description === 'string' ? ` ${body.error_description.slice(0, 300)}` : '';
  throw new ConnectorError('RECONNECT_NEEDED', `The platform gave no token (HTTP ${status}).${reason}`, {
    status,
    advice: 'Check that the resource has a managed identity, and the client id of a user-assigned one.',
  });
}

function parseBody(text: string): TokenBody {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** `expires_on`: seconds since 1970 as a number or text, or a date. Milliseconds since the epoch. */
function readExpiry({ expires_on: on, expires_in: seconds }: TokenBody, now: number): number | undefined {
  if (on !== undefined) {
    const number = Number(on);
    const ms = Number.isNaN(number) ? Date.parse(String(on)) : number * 1000;
    if (!Number.isNaN(ms)) return ms;
  }
  const lifetime = Number(seconds);
  return Number.isNaN(lifetime) ? undefined : now + lifetime * 1000;
}
