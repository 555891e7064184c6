import { ConnectorError } from '../../errors/connector-error.ts';
import { isLoopbackHost } from '../../model/loopback.ts';

/** A secret of Azure Key Vault. */
export interface KeyVaultAddress {
  readonly manager: 'key-vault';
  readonly url: URL;
  /** What tokens of this cloud's vaults are for: `https://vault.azure.net`. */
  readonly resource: string;
  /** The sign-in authority of this cloud. */
  readonly authorityOrigin: string;
  readonly field?: string;
}

/** A secret of HashiCorp Vault, or of a server with the same API. */
export interface HashiCorpAddress {
  readonly manager: 'hashicorp-vault';
  readonly url: URL;
  readonly field?: string;
}

/** A secret of AWS Secrets Manager. */
export interface AwsAddress {
  readonly manager: 'secrets-manager';
  readonly arn: string;
  readonly region: string;
  /** `amazonaws.com`, or that of China. */
  readonly domain: string;
  readonly field?: string;
}

/** Where a secret is kept. */
export type SecretAddress = KeyVaultAddress | HashiCorpAddress | AwsAddress;

/** The clouds of Key Vault: https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
const vaultClouds: readonly (readonly [suffix: string, authorityOrigin: string])[] = [
  ['vault.azure.net', 'https://login.microsoftonline.com'],
  ['vault.usgovcloudapi.net', 'https://login.microsoftonline.us'],
  ['vault.azure.cn', 'https://login.partner.microsoftonline.cn'],
];
const vaultName = /^[a-z](?:[a-z0-9-]{1,22})[a-z0-9]$/;
const keyVaultPath = /^\/secrets\/[0-9A-Za-z-]{1,127}(?:\/[0-9a-f]{32})?\/?$/;
const hashiCorpPath = /^\/v1\/[\w.~%/-]+$/;
const arnPattern =
  /^arn:(aws|aws-cn|aws-us-gov):secretsmanager:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:secret:[\w/+=.@-]{1,512}$/;
const awsDomains: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/**
 * Reads the address of a secret, in the form that its manager shows: the secret identifier of Key Vault, the URL in the
 * API of HashiCorp Vault, the ARN in AWS. After `#` there can be the name of a field of a secret that is JSON.
 *
 * @throws SETTING_INVALID without the text, because it may be a secret that was entered by mistake
 */
export function parseSecretAddress(text: string): SecretAddress {
  const [base = '', ...rest] = text.trim().split('#');
  const field = rest.length === 0 ? undefined : rest.join('#');
  const address = field === '' ? undefined : (parseArn(base) ?? parseUrl(base));
  if (address === undefined) throw invalidAddress();
  return field === undefined ? address : { ...address, field };
}

function parseArn(text: string): SecretAddress | undefined {
  const [arn, partition = '', region = ''] = arnPattern.exec(text) ?? [];
  if (arn === undefined) return undefined;
  return { manager: 'secrets-manager', arn, region, domain: awsDomains[partition] ?? '' };
}

function parseUrl(text: string): SecretAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.search !== '') return undefined;
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (!isSafe) return undefined;
  const [name = '', ...labels] = url.hostname.split('.');
  const cloud = vaultClouds.find(([suffix]) => suffix === labels.join('.'));
  if (cloud !== undefined) {
    const isKeyVault = url.port === '' && vaultName.test(name) && keyVaultPath.test(url.pathname);
    const [suffix, authorityOrigin] = cloud;
    return isKeyVault
      ? { manager: 'key-vault', url, resource: `https://${suffix}`, authorityOrigin }
      : undefined;
  }
  return hashiCorpPath.test(url.pathname) ? { manager: 'hashicorp-vault', url } : undefined;
}

function invalidAddress(): ConnectorError {
  return new ConnectorError('SETTING_INVALID', 'The address of a secret is not valid.', {
    advice:
      'Use https://<vault>.vault.azure.net/secrets/<name>, https://<HashiCorp Vault>/v1/<mount>/data/<path>#<field>, or the ARN of a secret of AWS Secrets Manager.',
  });
}
