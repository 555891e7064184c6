import { readFile } from 'node:fs/promises';
import { sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import type { HttpSender } from '../../model/http.ts';
import type { Clock } from '../../model/runtime-services.ts';

/** What an assertion is asked with. */
export interface AssertionServices {
  readonly send: HttpSender;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a workload gets the token with which it signs in as its app registration. */
type WorkloadPlatform = 'token-file' | 'github' | 'azure-devops';

/** The audience that Entra expects in a token of another identity provider. */
const audience = 'api://AzureADTokenExchange';
const maxFileAgeMs = 300_000;

/**
 * Returns the function that reads the token of a workload for each sign-in: the token file of AKS, or the OIDC token of a
 * job of GitHub Actions or Azure Pipelines. The platform is found from the environment, which is read at each call.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export function createWorkloadAssertion(services: AssertionServices): () => Promise<string> {
  let cached: { readonly text: string; readonly readAt: number } | undefined;
  return async () => {
    const { env, clock } = services;
    const platform = findPlatform(env);
    if (platform === 'github') return await requestGitHubToken(services);
    if (platform === 'azure-devops') return await requestAzureDevOpsToken(services);
    // The file is replaced before its token expires.
    if (cached === undefined || clock.now() - cached.readAt > maxFileAgeMs)
      cached = { text: await readTokenFile(env.AZURE_FEDERATED_TOKEN_FILE ?? ''), readAt: clock.now() };
    return cached.text;
  };
}

/** @throws CONNECTION_INVALID if the environment names no platform */
function findPlatform(env: AssertionServices['env']): WorkloadPlatform {
  if (env.AZURE_FEDERATED_TOKEN_FILE) return 'token-file';
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) return 'github';
  if (env.SYSTEM_OIDCREQUESTURI && env.SYSTEM_ACCESSTOKEN) return 'azure-devops';
  throw new ConnectorError('CONNECTION_INVALID', 'This process has no workload identity.', {
    advice:
      'AKS sets AZURE_FEDERATED_TOKEN_FILE; a job of GitHub needs the permission id-token: write; a job of Azure Pipelines needs SYSTEM_ACCESSTOKEN.',
  });
}

async function readTokenFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError(
      'SETTING_INVALID',
      `The token file of the workload cannot be read (${error.code}).`,
      {
        advice: 'AZURE_FEDERATED_TOKEN_FILE must be the file that the platform mounts.',
      },
    );
  });
  return assertToken(text.trim(), 'The token file of the workload');
}

async function requestGitHubToken({ send, clock, env }: AssertionServices): Promise<string> {
  const url = toHttpsUrl('ACTIONS_ID_TOKEN_REQUEST_URL', env.ACTIONS_ID_TOKEN_REQUEST_URL);
  url.searchParams.set('audience', audience);
  const authorization = `bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
  const { text } = await sendToAuthority(send, clock, {
    method: 'GET',
    url: url.href,
    headers: { authorization },
  });
  return assertToken(readMember(text, 'value'), 'GitHub');
}

async function requestAzureDevOpsToken({ send, clock, env }: AssertionServices): Promise<string> {
  const url = toHttpsUrl('SYSTEM_OIDCREQUESTURI', env.SYSTEM_OIDCREQUESTURI);
  url.searchParams.set('api-version', '7.1');
  const { AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection } = env;
  if (connection) url.searchParams.set('serviceConnectionId', connection);
  const headers = {
    authorization: `Bearer ${env.SYSTEM_ACCESSTOKEN}`,
    'content-type': 'application/json',
    'x-tfs-fedauthredirect': 'Suppress',
  };
  const { text } = await sendToAuthority(send, clock, { method: 'POST', url: url.href, headers, body: '' });
  return assertToken(readMember(text, 'oidcToken'), 'Azure Pipelines');
}

/** The request has a secret of the job, so it must not be sent in clear; loopback is for tests. */
function toHttpsUrl(variable: string, text = ''): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.hostname === '127.0.0.1') return url;
  throw new ConnectorError('SETTING_INVALID', `${variable} is not an https URL.`, {
    advice: 'The platform sets the variable.',
  });
}

function readMember(text: string, name: string): string {
  try {
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>> | null)?.[name];
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}

const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function assertToken(text: string, origin: string): string {
  if (text.length <= 65_536 && jwtPattern.test(text)) return text;
  throw new ConnectorError('RECONNECT_NEEDED', `${origin} gave no token of the workload.`, {
    advice: 'Check the permissions of the job, and that the platform supports workload identity.',
  });
}
