import { expect } from 'chai';
import { parseSecretAddress } from '../../../src/node/secret-managers/secret-address.ts';
import { errorOf } from '../../auth/support/expect-error.ts';

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:d365/keys-AbCdEf';

describe('parseSecretAddress', () => {
  it('tells the three managers from each other by the address that each of them shows', () => {
    const managers = Object.fromEntries(
      [
        'https://contoso.vault.azure.net/secrets/d365-keys',
        'https://contoso.vault.azure.net/secrets/d365-keys/0123456789abcdef0123456789abcdef',
        'https://contoso.vault.usgovcloudapi.net/secrets/d365-keys',
        'https://contoso.vault.azure.cn/secrets/d365-keys#keys',
        'https://vault.contoso.com:8200/v1/kv/data/d365#keys',
        'http://127.0.0.1:8200/v1/secret/d365',
        arn,
        `${arn}#keys`,
        'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:d365-AbCdEf',
      ].map((address) => [address, parseSecretAddress(address).manager]),
    );
    expect(Object.values(managers)).to.deep.equal([
      ...['key-vault', 'key-vault', 'key-vault', 'key-vault'],
      ...['hashicorp-vault', 'hashicorp-vault'],
      ...['secrets-manager', 'secrets-manager', 'secrets-manager'],
    ]);
  });

  it('takes the sign-in authority, the audience and the endpoint from the cloud in the address', () => {
    expect(parseSecretAddress('https://contoso.vault.azure.cn/secrets/x')).to.include({
      resource: 'https://vault.azure.cn',
      authorityOrigin: 'https://login.partner.microsoftonline.cn',
    });
    expect(parseSecretAddress(arn)).to.include({ region: 'eu-west-1', domain: 'amazonaws.com' });
    expect(parseSecretAddress(arn.replace('aws:', 'aws-cn:').replace('eu-west-1', 'cn-north-1'))).to.include({
      domain: 'amazonaws.com.cn',
    });
  });

  it('refuses look-alike hosts, plain http, credentials in the URL and everything else, without repeating it', async () => {
    for (const address of [
      'https://contoso.vault.azure.net.evil.example/secrets/x',
      'https://evil.example/secrets/x',
      'https://a.contoso.vault.azure.net/keys/x',
      'https://contoso.vault.azure.net:8443/secrets/x',
      'https://contoso.vault.azure.net/secrets/x?api-version=1',
      'http://contoso.vault.azure.net/secrets/x',
      'http://vault.contoso.com/v1/kv/data/d365',
      'http://127.0.0.1.evil.example/v1/kv/d365',
      'https://user:pass@vault.contoso.com/v1/kv/d365',
      'https://vault.contoso.com/kv/d365',
      'https://vault.contoso.com/v1/kv/d365#',
      arn.replace('eu-west-1', 'evil.example/'),
      arn.replace('secretsmanager', 'ssm'),
      'k1:AAAA-a-key-by-mistake',
      '',
    ]) {
      const error = await errorOf(() => parseSecretAddress(address), 'SETTING_INVALID');
      if (address !== '') expect(JSON.stringify(error)).to.not.contain(address);
    }
  });
});
