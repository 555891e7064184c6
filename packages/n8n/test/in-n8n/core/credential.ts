import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { credentialDataFor, openCredentialStore } from '../support/credential-store.ts';
import { type LoadedPackage, loadPackage } from '../support/load-package.ts';
import { type N8nHost, openN8nHost } from '../support/n8n-host.ts';
import { loadN8n, type N8n } from '../support/n8n-modules.ts';

describe("credential in n8n's engine", () => {
  let fixture: SandboxClient;
  let host: N8nHost;
  before(async () => {
    fixture = await openSandboxClient();
  });
  beforeEach(async () => {
    host = await openN8nHost(fixture.sandbox);
  });
  after(() => fixture?.close());

  const count = () => host.run({ resource: 'case', operation: 'count' });
  const storedToken = () => (host.credentials.stored.oauthTokenData as JsonObject).access_token;

  it('gets a token for the organization and stores it', async () => {
    expect((await count()).status).to.equal('success');
    const first = storedToken();
    expect(audienceOf(first as string)).to.equal(fixture.sandbox.organization.origin);
    await count();
    expect(storedToken()).to.equal(first);
  });

  it('gets a new token after a 401 response', async () => {
    await count();
    const first = storedToken();
    fixture.sandbox.organization.faults.add({ kind: 'status', status: 401 });
    const { status, items } = await count();
    expect(status).to.equal('success');
    expect(items[0]!.json).to.have.property('count');
    expect(storedToken()).to.be.a('string').and.not.equal(first);
  });

  it('explains a rejected secret without showing it', async () => {
    fixture.sandbox.authority.rejectTokenRequests(
      7000222,
      'invalid_client',
      'The provided client secret has expired.',
    );
    const { status, error } = await count();
    expect(status).to.equal('error');
    expect(error!.description).to.match(/\(SECRET_EXPIRED\)$/);
    expect(JSON.stringify(error)).to.not.include(fixture.sandbox.app.clientSecret);
  });
});

/** The `aud` of a token. */
function audienceOf(jwt: string): unknown {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()).aud;
}

describe('credential form evaluated by n8n', () => {
  let n8n: N8n;
  let loaded: LoadedPackage;
  before(async () => {
    n8n = loadN8n();
    loaded = await loadPackage(n8n);
  });

  const resolve = (filledIn: JsonObject) => openCredentialStore(n8n, loaded.credential, filledIn).resolve();
  const contoso = {
    environmentUrl: ' https://Contoso.crm4.dynamics.com/main.aspx?x=1 ',
    tenant: 'contoso.com',
  };

  it('requests the scope of the organization, for a user and for an app', async () => {
    const user = await resolve({ ...contoso, grantType: 'pkce' });
    expect(user.scope).to.equal(
      'openid email profile offline_access https://contoso.crm4.dynamics.com/user_impersonation',
    );
    const app = await resolve({ ...contoso, grantType: 'clientCredentials' });
    expect(app.scope).to.equal('https://contoso.crm4.dynamics.com/.default');
  });

  const logins: readonly (readonly [string, string])[] = [
    ['commercial', 'login.microsoftonline.com'],
    ['gcc', 'login.microsoftonline.com'],
    ['gccHigh', 'login.microsoftonline.us'],
    ['dod', 'login.microsoftonline.us'],
    ['china', 'login.partner.microsoftonline.cn'],
  ];
  for (const [cloud, login] of logins) {
    it(`signs in to the ${cloud} cloud at ${login}`, async () => {
      const { authUrl, accessTokenUrl } = await resolve({ ...contoso, cloud });
      expect(authUrl).to.equal(`https://${login}/contoso.com/oauth2/v2.0/authorize`);
      expect(accessTokenUrl).to.equal(`https://${login}/contoso.com/oauth2/v2.0/token`);
    });
  }

  it('sends the secret of a real organization to Microsoft only', async () => {
    for (const authorityUrl of ['http://127.0.0.1:9', 'https://attacker.example']) {
      const { accessTokenUrl } = await resolve({
        ...contoso,
        authorityUrl,
        accessTokenUrl: 'https://attacker.example/token',
      });
      expect(accessTokenUrl).to.match(/^https:\/\/login\.microsoftonline\.com\//);
    }
    const local = { environmentUrl: 'http://127.0.0.1:9', authorityUrl: 'https://attacker.example' };
    expect((await resolve(local)).accessTokenUrl).to.match(/^https:\/\/login\.microsoftonline\.com\//);
  });

  it('uses the authority of a sandbox for a sandbox', async () => {
    const fixture = await openSandboxClient();
    const { accessTokenUrl } = await resolve(credentialDataFor(fixture.sandbox));
    expect(new URL(String(accessTokenUrl)).origin).to.equal(fixture.sandbox.authority.url);
    await fixture.close();
  });
});
