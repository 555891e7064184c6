import { readFile } from 'node:fs/promises';
import { sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import { isLoopbackHost } from '../../model/loopback.ts';
import type { Secret } from '../../model/secret.ts';
import { askWithRetries, type ManagerServices, parseBody, refused } from './ask-manager.ts';
import type { SigningKeys } from './aws-signature.ts';
import type { AwsAddress } from './secret-address.ts';

const aws = 'AWS';

/**
 * Finds the keys of this process, in the order of the AWS SDK as far as no profile files are involved: `awsCredentials`,
 * variables, the token file of a pod (IAM roles for service accounts), the endpoint of a container (ECS, EKS Pod Identity),
 * the metadata service of a virtual machine. Environment and files are read at each call, and nothing is kept, so that
 * temporary keys cannot expire here.
 *
 * @throws SETTING_INVALID if there are none
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export async function findAwsKeys(address: AwsAddress, services: ManagerServices): Promise<SigningKeys> {
  const { env, awsCredentials } = services;
  if (awsCredentials !== undefined) return await askHost(awsCredentials);
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (id && secret) return toKeys({ AccessKeyId: id, SecretAccessKey: secret, Token: token || undefined });
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE && env.AWS_ROLE_ARN) return await assumeRole(address, services);
  const endpoint = env.AWS_CONTAINER_CREDENTIALS_FULL_URI || relativeEndpoint(env);
  if (endpoint !== undefined) return await askContainer(endpoint, services);
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() !== 'true') {
    const keys = await askMachine(services);
    if (keys !== undefined) return keys;
  }
  throw refused(
    aws,
    'gave this process no identity.',
    'Run it with a role of the instance, task or pod, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  );
}

async function askHost(awsCredentials: NonNullable<ManagerServices['awsCredentials']>): Promise<SigningKeys> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken } = await awsCredentials();
    const reveal = (text: string | Secret | undefined) => (typeof text === 'object' ? text.reveal() : text);
    const keys = { SecretAccessKey: reveal(secretAccessKey), Token: reveal(sessionToken) };
    return toKeys({ AccessKeyId: accessKeyId, ...keys });
  } catch (error) {
    if (ConnectorError.is(error)) throw error;
    // The error of the host is not kept, because it may contain secrets.
    throw refused(aws, 'keys could not be provided by the host.', 'See the log of the host for the reason.');
  }
}

/** Keys as the endpoints of AWS send them. */
interface AwsKeyBody {
  readonly AccessKeyId?: unknown;
  readonly SecretAccessKey?: unknown;
  readonly Token?: unknown;
}

const printable = /^[\x21-\x7e]{1,8192}$/;

function toKeys({ AccessKeyId: id, SecretAccessKey: secret, Token: token }: AwsKeyBody): SigningKeys {
  const isText = (value: unknown): value is string => typeof value === 'string' && printable.test(value);
  if (isText(id) && isText(secret) && (token === undefined || isText(token)))
    return {
      accessKeyId: id,
      secretAccessKey: secret,
      ...(token === undefined ? {} : { sessionToken: token }),
    };
  throw refused(
    aws,
    'keys are not complete.',
    'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the role of the instance, task or pod.',
  );
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
async function assumeRole({ region, domain }: AwsAddress, services: ManagerServices): Promise<SigningKeys> {
  const { env, send, clock } = services;
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: env.AWS_ROLE_ARN ?? '',
    RoleSessionName: env.AWS_ROLE_SESSION_NAME || 'd365',
    WebIdentityToken: await readTokenFile(env.AWS_WEB_IDENTITY_TOKEN_FILE ?? ''),
  }).toString();
  const url = findAwsEndpoint(env.AWS_ENDPOINT_URL_STS, `https://sts.${region}.${domain}/`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const { status, text } = await askWithRetries(clock, () =>
    sendToAuthority(send, clock, { method: 'POST', url, headers, body }),
  );
  if (status !== 200)
    throw refused(
      aws,
      `does not let this process assume its role (HTTP ${status}).`,
      'Check AWS_ROLE_ARN and the trust policy of the role.',
    );
  const read = (name: string) => new RegExp(`<${name}>([^<]{1,8192})</${name}>`).exec(text)?.[1];
  const [id, secret, token] = [read('AccessKeyId'), read('SecretAccessKey'), read('SessionToken')];
  return toKeys({ AccessKeyId: id, SecretAccessKey: secret, Token: token });
}

async function readTokenFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(
      aws,
      `token file cannot be read (${error.code}).`,
      'The platform mounts the file and sets its variable.',
    );
  });
  return text.trim();
}

/** An endpoint of the operator, such as that of a private network, or that of the region. */
export function findAwsEndpoint(variable: string | undefined, regional: string): string {
  if (!variable) return regional;
  const url = URL.canParse(variable) ? new URL(variable) : undefined;
  if (
    url?.pathname === '/' &&
    url.search === '' &&
    (url.protocol === 'https:' || isLoopbackHost(url.hostname))
  )
    return url.href;
  throw refused(
    aws,
    'endpoint of the environment is not an https URL without a path.',
    'Check AWS_ENDPOINT_URL_SECRETS_MANAGER and AWS_ENDPOINT_URL_STS.',
  );
}

const containerHosts = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];

function relativeEndpoint({ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path }: ManagerServices['env']) {
  return path ? `http://169.254.170.2${path}` : undefined;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html */
async function askContainer(
  endpoint: string,
  { env, sendLocally, clock }: ManagerServices,
): Promise<SigningKeys> {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined || !(isLoopbackHost(url.hostname) || containerHosts.includes(url.hostname)))
    throw refused(
      aws,
      'endpoint of the container is not on this machine.',
      'The platform sets the variable.',
    );
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const authorization = file ? await readTokenFile(file) : env.AWS_CONTAINER_AUTHORIZATION_TOKEN;
  const headers: Record<string, string> = authorization ? { authorization } : {};
  const response = await askWithRetries(clock, () =>
    sendToAuthority(sendLocally, clock, { method: 'GET', url: url.href, headers }),
  );
  return toKeys(parseBody(response));
}

const probeMs = 1000;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html */
async function askMachine({ env, sendLocally, clock }: ManagerServices): Promise<SigningKeys | undefined> {
  const origin = findMetadataOrigin(env.AWS_EC2_METADATA_SERVICE_ENDPOINT);
  const ask = (
    method: 'GET' | 'PUT',
    path: string,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ) =>
    sendToAuthority(
      sendLocally,
      clock,
      omitSignal({ method, url: `${origin}/latest/${path}`, headers, signal }),
    );
  const timer = new AbortController();
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  // Elsewhere than in AWS, nobody answers at the address, and a request would wait for long.
  const session = await Promise.race([
    ask('PUT', 'api/token', ttl, timer.signal).catch(() => undefined),
    clock.sleep(probeMs, timer.signal).catch(() => undefined),
  ]);
  timer.abort();
  if (session?.status !== 200) return undefined;
  const headers = { 'x-aws-ec2-metadata-token': session.text.trim() };
  const folder = 'meta-data/iam/security-credentials/';
  const roles = await askWithRetries(clock, () => ask('GET', folder, headers));
  const [role = ''] = roles.text.trim().split('\n');
  if (roles.status !== 200 || !/^[\w+=,.@-]{1,64}$/.test(role)) return undefined;
  const response = await askWithRetries(clock, () => ask('GET', `${folder}${role}`, headers));
  return toKeys(parseBody(response));
}

function omitSignal<T extends { readonly signal?: AbortSignal | undefined }>({ signal, ...request }: T) {
  return signal === undefined ? request : { ...request, signal };
}

function findMetadataOrigin(endpoint = 'http://169.254.169.254'): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isLocal =
    url !== undefined &&
    (isLoopbackHost(url.hostname) || ['169.254.169.254', '[fd00:ec2::254]'].includes(url.hostname));
  if (isLocal) return url.origin;
  throw refused(aws, 'metadata endpoint is not on this machine.', 'Check AWS_EC2_METADATA_SERVICE_ENDPOINT.');
}
