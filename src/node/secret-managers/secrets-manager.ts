import { type AuthorityResponse, sendToAuthority } from '../../auth/send-to-authority.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import {
  askWithRetries,
  type ManagerServices,
  parseBody,
  readCode,
  refused,
  unexpectedAnswer,
} from './ask-manager.ts';
import { findAwsEndpoint, findAwsKeys } from './aws-credentials.ts';
import { signAwsRequest } from './aws-signature.ts';
import type { AwsAddress } from './secret-address.ts';

const manager = 'AWS Secrets Manager';

/**
 * Reads the current version of a secret of AWS Secrets Manager, in the region of its ARN.
 *
 * @returns the text of the secret
 * @throws SETTING_INVALID if there is no such secret, or it may not be read
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export async function readAwsSecret(address: AwsAddress, services: ManagerServices): Promise<string> {
  const { arn, region, domain } = address;
  const { env, send, clock } = services;
  const keys = await findAwsKeys(address, services);
  const regional = `https://secretsmanager.${region}.${domain}/`;
  const url = findAwsEndpoint(env.AWS_ENDPOINT_URL_SECRETS_MANAGER, regional);
  const request = {
    method: 'POST' as const,
    url,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    body: JSON.stringify({ SecretId: arn }),
  };
  const response = await askWithRetries(clock, async () => {
    const scope = { region, service: 'secretsmanager', now: clock.now() };
    return assertNotThrottled(await sendToAuthority(send, clock, signAwsRequest(request, keys, scope)));
  });
  const { SecretString: value } = parseBody(response);
  if (response.status === 200 && typeof value === 'string') return value;
  throw explain(response);
}

/** `ResourceNotFoundException`, also with a namespace before it. */
function readType(response: AuthorityResponse): string {
  const { __type: type } = parseBody(response);
  return typeof type === 'string' ? type.slice(type.lastIndexOf('#') + 1) : '';
}

/** AWS limits requests with status 400. */
function assertNotThrottled(response: AuthorityResponse): AuthorityResponse {
  if (!/^(?:Throttling|TooManyRequests|RequestLimitExceeded)/.test(readType(response))) return response;
  throw new ConnectorError('THROTTLED', `${manager} limits the number of requests.`);
}

function explain(response: AuthorityResponse): ConnectorError {
  const type = readType(response);
  const code = readCode(type);
  if (type === 'ResourceNotFoundException')
    return refused(manager, `has no such secret${code}.`, 'Compare the ARN, and its region and account.');
  if (/Signature|Expired|UnrecognizedClient|InvalidClientToken/.test(type))
    return refused(
      manager,
      `rejects the keys of this process${code}.`,
      'Check the keys, that they have not expired, and the clock of this machine.',
    );
  const isRefusal = response.status === 401 || response.status === 403;
  if (isRefusal || (type !== '' && response.status >= 400))
    return refused(
      manager,
      `does not let this process read the secret${code}.`,
      'Allow secretsmanager:GetSecretValue on its ARN, and kms:Decrypt if it has a key of its own.',
    );
  if (response.status === 200)
    return refused(
      manager,
      'has no text for this secret.',
      'Store it as a text (SecretString), not as binary data.',
    );
  return unexpectedAnswer(manager, response);
}
