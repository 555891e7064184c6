import type { TokenCredential } from '../../client/credential.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import { guardAsync } from '../../errors/guard-errors.ts';
import type { HttpSender } from '../../model/http.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Clock } from '../../model/runtime-services.ts';
import { Secret } from '../../model/secret.ts';
import { assertOptions, assertText, type OptionsRule } from '../../validation/assert-options.ts';
import { systemClock } from '../clock.ts';
import { createNodeFetchSender } from '../node-fetch-sender.ts';
import type { AwsCredentials, ManagerServices } from './ask-manager.ts';
import { parseSecretAddress, type SecretAddress } from './secret-address.ts';

/** Options of `secretFrom`. */
export interface SecretOptions {
  /** Signs in to Key Vault, such as one of `@azure/identity`. Default: the app or the identity of the environment. */
  readonly azureCredential?: TokenCredential;
  /** Keys for AWS, such as `fromNodeProviderChain()` of `@aws-sdk/credential-providers`. Default: those of the environment. */
  readonly awsCredentials?: () => Promise<AwsCredentials>;
  /** A sender to use instead of node-fetch with the proxy of the environment. */
  readonly send?: HttpSender;
  readonly clock?: Clock;
  /** Default: the variables of the process, read at each call. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const secretRule: OptionsRule<SecretOptions> = {
  of: 'secretFrom',
  types: { azureCredential: 'any', awsCredentials: 'function', send: 'function', clock: 'any', env: 'any' },
  code: 'SETTING_INVALID',
};

/**
 * Returns a function that reads a secret from Azure Key Vault, HashiCorp Vault or AWS Secrets Manager, for `clientSecret` of
 * an app or `load` of a KeyProvider. Nothing is kept between two calls: a secret that was changed is found with the next
 * sign-in, and the tokens for the manager cannot expire.
 *
 * @param address the address that the manager shows: the secret identifier of Key Vault, the URL in the API of HashiCorp
 * Vault, or the ARN in AWS; with `#<field>` for a field of a secret that is JSON
 * @throws SETTING_INVALID for another address, and when it is called: if the secret does not exist or may not be read;
 * NETWORK, TIMEOUT, THROTTLED or UNAVAILABLE after three tries
 * @example
 * const app = { clientId, clientSecret: secretFrom('https://contoso.vault.azure.net/secrets/d365') };
 * const vault = await openVault({ store, keys: { load: secretFrom('https://vault.contoso.com/v1/kv/data/d365#keys') } });
 */
export function secretFrom(address: string, options?: SecretOptions): () => Promise<Secret> {
  const parsed = parseSecretAddress(assertText(address, 'The address of a secret', 'SETTING_INVALID'));
  const given = assertOptions(options, secretRule);
  return () => guardAsync(async () => toSecret(await readSecret(parsed, toServices(given)), parsed.field));
}

function toServices(options: SecretOptions): ManagerServices {
  const { send, clock = systemClock, env = process.env, azureCredential, awsCredentials } = options;
  return {
    send: send ?? createNodeFetchSender(),
    // Without variables, the sender uses no proxy.
    sendLocally: send ?? createNodeFetchSender({}),
    ...{ clock, env },
    ...(azureCredential && { azureCredential }),
    ...(awsCredentials && { awsCredentials }),
  };
}

async function readSecret(address: SecretAddress, services: ManagerServices): Promise<Json> {
  if (address.manager === 'key-vault')
    return (await import('./key-vault.ts')).readKeyVaultSecret(address, services);
  if (address.manager === 'hashicorp-vault')
    return (await import('./hashicorp-vault.ts')).readHashiCorpSecret(address, services);
  return (await import('./secrets-manager.ts')).readAwsSecret(address, services);
}

const maxLength = 65_536;

/** Takes the field, or the only one. Spaces and line breaks at the ends are those of a file that was uploaded. */
function toSecret(value: Json, field: string | undefined): Secret {
  const text = (typeof value === 'string' && field === undefined ? value : pickField(value, field)).trim();
  if (text === '' || text.length > maxLength)
    throw new ConnectorError(
      'SETTING_INVALID',
      `The secret is empty or longer than ${maxLength} characters.`,
    );
  return new Secret(text);
}

function pickField(value: Json, field: string | undefined): string {
  const fields = typeof value === 'string' ? parseFields(value) : value;
  const names = isJsonObject(fields) ? Object.keys(fields) : [];
  const name = field ?? (names.length === 1 ? names[0] : undefined);
  const picked =
    isJsonObject(fields) && name !== undefined && names.includes(name) ? fields[name] : undefined;
  if (typeof picked === 'string') return picked;
  throw new ConnectorError('SETTING_INVALID', 'The secret has no such field with a text.', {
    advice: 'Add "#" and the name of the field to the address of the secret.',
  });
}

function parseFields(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
