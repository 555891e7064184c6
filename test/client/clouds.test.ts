import { expect } from 'chai';
import { type CloudName, clouds } from '../../src/auth/clouds.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import {
  ConnectorError,
  type Credential,
  type HttpRequest,
  loadConnector,
  openVault,
  Secret,
} from '../../src/index.ts';
import { systemClock } from '../../src/node/clock.ts';
import { errorOf } from '../auth/support/expect-error.ts';
import { createMemoryKeys } from '../auth/support/memory-keys.ts';
import { clientId, createScriptedAuthority, respond, tenantId } from '../auth/support/scripted-authority.ts';

const organizations: Readonly<Record<CloudName, string>> = {
  commercial: 'https://contoso2.crm4.dynamics.com',
  gcc: 'https://contoso2.crm9.dynamics.com',
  'gcc-high': 'https://contoso2.crm.microsoftdynamics.us',
  dod: 'https://contoso2.crm.appsplatform.us',
  china: 'https://contoso2.crm.dynamics.cn',
};
const redirectUri = 'https://host.example/callback';
const user = { userId: 'u', organizationId: 'o', businessUnitId: 'b' };

/** A cloud with one organization: its authority, its discovery service, and nothing at any other address. */
async function openCloud(cloud: CloudName) {
  const { authorityOrigin, discoveryOrigin, issuers } = clouds[cloud];
  const orgUrl = organizations[cloud];
  const authority = createScriptedAuthority(authorityOrigin, issuers.at(-1));
  const store = createMemoryStore();
  const vault = await openVault({ store, keys: createMemoryKeys() });
  const hosts: Readonly<Record<string, (request: HttpRequest) => ReturnType<typeof respond>>> = {
    [discoveryOrigin]: ({ url }) =>
      url.endsWith('/Instances')
        ? respond({ status: 200, body: { value: [{ FriendlyName: 'Contoso', Url: orgUrl, State: 0 }] } })
        : respond({ status: 401, body: '' }),
    [orgUrl]: ({ url }) =>
      url.endsWith('/WhoAmI')
        ? respond({ status: 200, body: { UserId: 'u', OrganizationId: 'o', BusinessUnitId: 'b' } })
        : respond(
            { status: 401, body: '' },
            {
              'www-authenticate': `Bearer authorization_uri=${authorityOrigin}/${tenantId}/oauth2/authorize`,
            },
          ),
  };
  const connector = await loadConnector({
    // A wait before a repetition takes no time here; a time limit does.
    clock: { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms < 10_000 ? 0 : ms, signal) },
    store,
    async send(request) {
      const { origin } = new URL(request.url);
      if (origin === authorityOrigin) return authority.send(request);
      const host = hosts[origin];
      if (host === undefined) throw Object.assign(new Error('nobody'), { code: 'ENOTFOUND' });
      return host(request);
    },
  });
  const as = { kind: 'user', app: { clientId }, vault, connection: 'me' } as const;
  const signIn = async (settings: Readonly<Record<string, string>>) => {
    const session = connector.signIn(settings, as);
    const { url } = await session.start({ redirectUri });
    return session.finish(authority.signIn(url));
  };
  return { authority, connector, orgUrl, login: authorityOrigin, as, signIn };
}

for (const cloud of Object.keys(organizations) as CloudName[]) {
  describe(`the ${cloud} cloud`, () => {
    it('signs a user in to an organization, and checks it', async () => {
      const { connector, orgUrl, login, as, signIn, authority } = await openCloud(cloud);
      expect(await signIn({ orgUrl })).to.include({ tenantId, userName: 'adele@contoso.example' });
      expect(await connector.connect({ orgUrl }, as).check()).to.deep.equal(user);
      for (const { url } of authority.requests) expect(url).to.match(new RegExp(`^${login}/${tenantId}/`));
    });

    it('uses one sign-in to list the organizations and to connect to one of them', async () => {
      const { connector, orgUrl, as, signIn, authority } = await openCloud(cloud);
      await signIn({ cloud });
      const [picked] = await connector.organizations({ cloud }, as);
      expect(picked?.url).to.equal(orgUrl);
      expect(await connector.connect({ orgUrl: picked!.url }, as).check()).to.deep.equal(user);
      expect(authority.forms.map(({ grant_type }) => grant_type)).to.deep.equal([
        'authorization_code',
        'refresh_token',
        'refresh_token',
      ]);
    });

    it('suggests an organization with a similar URL when the host is unknown', async () => {
      const { connector, orgUrl, as, signIn } = await openCloud(cloud);
      await signIn({ cloud });
      const mistyped = { orgUrl: orgUrl.replace('contoso2', 'contosso2'), tenant: tenantId };
      const error = await errorOf(connector.connect(mistyped, as).check(), 'ORG_MISMATCH');
      expect(error.advice).to.equal(`Did you mean ${orgUrl}?`);
      expect(error.details.suggestions).to.deep.equal([orgUrl]);
    });

    it('signs an app in, with the client id and secret that the connection brings', async () => {
      const { connector, orgUrl, authority } = await openCloud(cloud);
      for (const name of ['aaaaaaaa', 'bbbbbbbb']) {
        const id = `${name}-cccc-4ccc-8ccc-cccccccccccc`;
        const app: Credential = {
          kind: 'app',
          app: { clientId: id, clientSecret: new Secret(`secret ${name}`) },
        };
        await connector.connect({ orgUrl, tenant: tenantId }, app).check();
        expect(authority.forms.at(-1)).to.include({
          client_id: id,
          client_secret: `secret ${name}`,
          scope: `${orgUrl}/.default`,
        });
      }
    });

    it('rejects an id token with a template issuer, or the issuer of another tenant or authority', async () => {
      const { authority, signIn, orgUrl, login } = await openCloud(cloud);
      for (const iss of [
        `${login}/{tenantid}/v2.0`,
        `${login}/organizations/v2.0`,
        `${login}/${clientId}/v2.0`,
        `https://login.example/${tenantId}/v2.0`,
      ]) {
        authority.idClaims = { iss };
        await errorOf(signIn({ orgUrl }), 'SIGN_IN_INVALID');
        await errorOf(signIn({ cloud }), 'SIGN_IN_INVALID');
      }
    });
  });
}

describe('unknown cloud', () => {
  it('is rejected with the list of known clouds', async () => {
    const { signIn } = await openCloud('commercial');
    const error = await errorOf(signIn({ cloud: 'germany' }), 'CONNECTION_INVALID');
    expect(error).to.be.instanceOf(ConnectorError);
    expect(error.advice).to.equal('The clouds are gcc, commercial, gcc-high, dod, china.');
  });
});

describe('one sign-in for several organizations', () => {
  it('never sends a token for one organization to another', async () => {
    const { connector, orgUrl, as, signIn, authority } = await openCloud('commercial');
    await signIn({ cloud: 'commercial' });
    await connector.connect({ orgUrl }, as).check();
    expect(authority.forms.at(-1)!.scope).to.contain(`${orgUrl}/user_impersonation`);
    const count = authority.forms.length;
    const other = connector.connect({ orgUrl: 'https://fabrikam.crm.dynamics.com', tenant: tenantId }, as);
    await errorOf(other.check(), 'NETWORK');
    expect(authority.forms[count]!.scope).to.contain('https://fabrikam.crm.dynamics.com/user_impersonation');
  });
});
