import { expect } from 'chai';
import { connectionFromEnv } from '../../src/node/env-connection.ts';
import { errorOf } from '../auth/support/expect-error.ts';

const org = { D365_ORG_URL: 'https://contoso.crm4.dynamics.com', D365_CLIENT_ID: 'id' };
const address = 'https://contoso.vault.azure.net/secrets/d365';

describe('connectionFromEnv', () => {
  const secretOf = (env: Readonly<Record<string, string>>) => {
    const { credential } = connectionFromEnv(env);
    return credential.kind === 'app' ? credential.app.clientSecret : undefined;
  };

  it('takes the client secret of the environment, or reads it from a secret manager at each sign-in', async () => {
    expect(secretOf({ ...org, D365_CLIENT_SECRET: 'x', D365_CLIENT_SECRET_FROM: address })).to.have.property(
      'reveal',
    );
    expect(secretOf({ ...org, D365_CLIENT_SECRET_FROM: address })).to.be.a('function');
    await errorOf(() => secretOf({ ...org, D365_CLIENT_SECRET_FROM: 'a-secret' }), 'SETTING_INVALID');
    await errorOf(() => secretOf(org), 'CONNECTION_INVALID');
  });

  it('takes values from files, which end with a line break', async () => {
    const { settings, credential } = connectionFromEnv({
      D365_ORG_URL: 'https://contoso.crm4.dynamics.com\n',
      D365_ACCESS_TOKEN: 'abc\r\n',
    });
    expect(settings).to.deep.equal({ orgUrl: 'https://contoso.crm4.dynamics.com' });
    expect(credential.kind === 'host' && (await credential.getToken({ rejected: false }))).to.deep.equal({
      token: 'abc',
    });
    const secret = secretOf({ ...org, D365_CLIENT_SECRET: 'x y\n' });
    expect(typeof secret === 'object' && secret.reveal()).to.equal('x y');
  });
});
