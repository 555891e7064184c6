import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { createSandbox, type Sandbox, type SandboxOrganization } from '../../src/index.ts';
import { claimsOf, insecure } from '../authority/harness.ts';
import { testClock } from './harness.ts';

describe('createSandbox', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      users: [
        { name: 'rosa@contoso.example' },
        { name: 'emil@contoso.example', organizations: ['fabrikam'] },
      ],
      apps: [
        { name: 'Connector', secrets: ['a-secret'] },
        { name: 'Stranger', secrets: ['b-secret'], organizations: [] },
      ],
    });
  });
  after(() => sandbox.close());

  const ask = (organization: SandboxOrganization, token: string, path = 'WhoAmI', more: RequestInit = {}) =>
    fetch(`${organization.origin}/api/data/v9.2/${path}`, {
      ...more,
      headers: { authorization: `Bearer ${token}`, ...more.headers },
    });

  it('responds to WhoAmI for a user and for an app', async () => {
    const { organization, user, app } = sandbox;
    for (const person of [user, app]) {
      const response = await ask(organization, sandbox.issueToken(person));
      expect(await response.json()).to.include({
        UserId: organization.findSystemUserId(person),
        OrganizationId: organization.organizationId,
      });
    }
  });

  it('runs two organizations that reject each other’s tokens', async () => {
    const [contoso, fabrikam] = sandbox.organizations as [SandboxOrganization, SandboxOrganization];
    const token = sandbox.issueToken(sandbox.user, fabrikam);
    expect((await ask(fabrikam, token)).status).to.equal(200);
    const response = await ask(contoso, token);
    expect(response.status).to.equal(401);
    expect(response.headers.get('www-authenticate')).to.equal(
      `Bearer authorization_uri=${sandbox.authority.url}/${sandbox.authority.tenantId}/oauth2/authorize, resource_id=${contoso.origin}/`,
    );
  });

  it('rejects a user or app of the tenant that is not a member with 0x80072560', async () => {
    const [contoso, fabrikam] = sandbox.organizations as [SandboxOrganization, SandboxOrganization];
    const [, emil] = sandbox.users;
    const [, nonMember] = sandbox.apps;
    expect((await ask(fabrikam, sandbox.issueToken(emil, fabrikam))).status).to.equal(200);
    for (const person of [emil, nonMember]) {
      const response = await ask(contoso, sandbox.issueToken(person, contoso));
      expect(response.status).to.equal(403);
      expect(await response.json()).to.have.nested.property('error.code', '0x80072560');
    }
  });

  it('rejects a member whose user row is disabled', async () => {
    const { organization, user } = sandbox;
    const id = organization.findSystemUserId(user) ?? '';
    const setDisabled = (isdisabled: boolean) =>
      organization.store.update({ table: 'systemuser', id, values: { isdisabled }, actor: { userId: id } });
    setDisabled(true);
    expect((await ask(organization, sandbox.issueToken())).status).to.equal(403);
    setDisabled(false);
    expect((await ask(organization, sandbox.issueToken())).status).to.equal(200);
  });

  it('runs a request as the impersonated user and rejects an unknown one', async () => {
    const { organization, user, app } = sandbox;
    const as = (headers: Record<string, string>) =>
      ask(organization, sandbox.issueToken(app), 'WhoAmI', { headers });
    const userId = organization.findSystemUserId(user) ?? '';
    for (const [name, id] of [
      ['CallerObjectId', user.objectId],
      ['MSCRMCallerID', userId],
    ] as const) {
      expect(await (await as({ [name]: id })).json()).to.include({ UserId: userId });
    }
    expect((await as({ CallerObjectId: 'unknown' })).status).to.equal(403);
  });

  it('signInAutomatically leads from the authorize URL to a valid token', async () => {
    const { authority, organization, app } = sandbox;
    const issuer = new URL(authority.issuer);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const client = { client_id: app.clientId };
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: 'http://localhost:4711/callback',
      scope: `openid offline_access ${organization.origin}/user_impersonation`,
      state: 'st',
    }).toString();
    const callback = new URL(await sandbox.signInAutomatically(url.href));
    const params = oauth.validateAuthResponse(as, client, callback, 'st');
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.ClientSecretPost(app.clientSecret ?? ''),
      params,
      'http://localhost:4711/callback',
      oauth.nopkce,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response);
    expect((await ask(organization, tokens.access_token)).status).to.equal(200);
  });

  it('signInAutomatically throws the reason when the authority rejects the sign-in', async () => {
    const wrong = { ...sandbox.user, password: 'wrong' };
    const scope = encodeURIComponent(`${sandbox.organization.origin}/user_impersonation`);
    const redirect = encodeURIComponent('http://localhost/callback');
    const url = `${sandbox.authority.url}/common/oauth2/v2.0/authorize?client_id=${sandbox.app.clientId}&response_type=code&redirect_uri=${redirect}&scope=${scope}`;
    const error = await sandbox.signInAutomatically(url, wrong).catch((reason) => reason);
    expect(error).to.include({ code: 'SIGN_IN_REFUSED' });
    expect(error.message).to.contain('AADSTS50126');
  });

  it('RetrieveCurrentOrganization names the ids and endpoints that the discovery service lists', async () => {
    const { organization, authority } = sandbox;
    const path = 'RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType';
    const response = await fetch(`${organization.origin}/api/data/v9.2/${path}'Default'`, {
      headers: { authorization: `Bearer ${sandbox.issueToken()}` },
    });
    const { Detail } = (await response.json()) as { Detail: Record<string, unknown> };
    expect(Detail).to.include({
      OrganizationId: organization.organizationId,
      EnvironmentId: organization.organizationId,
      TenantId: authority.tenantId,
      FriendlyName: 'Contoso',
      UniqueName: 'contoso',
      State: 'Enabled',
      OrganizationType: 'Developer',
    });
    expect(Detail.Endpoints).to.deep.equal({
      Count: 3,
      IsReadOnly: false,
      Keys: ['WebApplication', 'OrganizationService', 'OrganizationDataService'],
      Values: [
        `${organization.origin}/`,
        `${organization.origin}/XRMServices/2011/Organization.svc`,
        `${organization.origin}/XRMServices/2011/OrganizationData.svc`,
      ],
    });
  });

  it('discovery lists the organizations of a user, and none for an app', async () => {
    const { discovery, users, app } = sandbox;
    const list = async (path: string, person: Parameters<Sandbox['issueToken']>[0]) => {
      const response = await fetch(`${discovery.url}/api/discovery/v2.0/Instances${path}`, {
        headers: { authorization: `Bearer ${sandbox.issueToken(person, { origin: discovery.url })}` },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const names = ({ body }: { body: Record<string, unknown> }) =>
      (body.value as { UniqueName: string }[]).map(({ UniqueName }) => UniqueName);
    expect(names(await list('', users[0]))).to.deep.equal(['contoso', 'fabrikam']);
    expect(names(await list('', users[1]))).to.deep.equal(['fabrikam']);
    expect(names(await list('', app))).to.deep.equal([]);
    const one = await list("(UniqueName='contoso')?$select=Url,State", users[0]);
    expect(one.body).to.include({ Url: sandbox.organization.origin, State: 0 });
    expect(one.body).to.not.have.property('ApiUrl');
    expect(names(await list("?$filter=UniqueName eq 'fabrikam'", users[0]))).to.deep.equal(['fabrikam']);
    expect((await list("(UniqueName='unknown')", users[0])).status).to.equal(404);
    expect((await list('?$filter=startswith(Url)', users[0])).status).to.equal(400);
    const open = await fetch(`${discovery.url}/api/discovery/v2.0/Instances`);
    expect(open.headers.get('www-authenticate')).to.match(
      /^Bearer authorization_uri=.*\/common\/oauth2\/authorize/,
    );
  });

  it('rejectTokenRequests makes the token endpoint respond with claims and suberror', async () => {
    const { authority, app, organization } = sandbox;
    authority.rejectTokenRequests(50076, 'interaction_required', 'MFA is needed.', {
      suberror: 'basic_action',
      claims: '{}',
    });
    const redeem = async () => {
      const response = await fetch(`${authority.url}/${authority.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: app.clientId,
          client_secret: app.clientSecret ?? '',
          scope: `${organization.origin}/.default`,
        }),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    expect(await redeem()).to.deep.include({
      error: 'interaction_required',
      error_codes: [50076],
      suberror: 'basic_action',
    });
    expect(await redeem()).to.have.property('access_token');
    authority.expireSecrets(app);
    expect(await redeem()).to.deep.include({ error_codes: [7000222] });
    authority.addSecret(app, 'new-secret');
    expect(await redeem()).to.deep.include({ error_codes: [7000222] });
    app.secrets.splice(0, app.secrets.length, { value: 'a-secret' });
  });

  it('runs admin commands of the authority', async () => {
    const runCommand = async (command: string, body: object) => {
      const response = await fetch(`${sandbox.authority.url}/__sandbox/${command}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.adminSecret}` },
        body: JSON.stringify(body),
      });
      return response.status;
    };
    expect(await runCommand('set-lifetimes', { accessTokenSeconds: 60 })).to.equal(200);
    expect(sandbox.authority.lifetimes.accessTokenSeconds).to.equal(60);
    expect(await runCommand('set-lifetimes', { nonsense: 60 })).to.equal(400);
    expect(await runCommand('set-lifetimes', { accessTokenSeconds: 3600 })).to.equal(200);
    expect(await runCommand('revoke-refresh-tokens', { user: sandbox.user.name })).to.equal(204);
    expect(await runCommand('revoke-refresh-tokens', { user: 'unknown' })).to.equal(400);
    expect(await runCommand('revoke-consent', { app: 'Stranger' })).to.equal(204);
  });

  it('clockOffsetMs changes the Date header and the expiry of tokens', async () => {
    const { organization } = sandbox;
    const token = sandbox.issueToken();
    organization.clockOffsetMs = 30 * 60_000;
    const ahead = await ask(organization, token);
    expect(Date.parse(ahead.headers.get('date') ?? '') - Date.now()).to.be.within(29 * 60_000, 31 * 60_000);
    organization.clockOffsetMs = 61 * 60_000;
    expect((await ask(organization, token)).status).to.equal(401);
    organization.clockOffsetMs = 0;
  });

  it('executes a write whose response is lost', async () => {
    const { organization } = sandbox;
    organization.faults.add({ kind: 'reset', atByte: 0, method: 'POST' });
    const body = JSON.stringify({ name: 'Lost and found' });
    const headers = { 'content-type': 'application/json' };
    const lost = await ask(organization, sandbox.issueToken(), 'accounts', {
      method: 'POST',
      headers,
      body,
    }).catch(() => 'lost');
    expect(lost).to.equal('lost');
    const rows = await (await ask(organization, sandbox.issueToken(), 'accounts?$select=name')).json();
    expect(rows).to.have.nested.property('value[0].name', 'Lost and found');
  });

  it('shows a late commit at once to its writer and later to others', async () => {
    const clock = testClock();
    const slow = await createSandbox({ clock, organizations: [{ name: 'slow', data: 'empty' }] });
    try {
      slow.organization.faults.add({ kind: 'late-commit', ms: 60_000 });
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'Slow' });
      const created = await ask(slow.organization, slow.issueToken(), 'accounts', {
        method: 'POST',
        headers,
        body,
      });
      expect(created.status).to.equal(204);
      const count = async () =>
        ((await (await ask(slow.organization, slow.issueToken(), 'accounts')).json()) as { value: [] }).value
          .length;
      expect(await count()).to.equal(0);
      clock.advance(60_000);
      expect(await count()).to.equal(1);
    } finally {
      await slow.close();
    }
  });

  it('gives the same ids for the same seed', async () => {
    const [one, two, other] = await Promise.all([createEmpty(7), createEmpty(7), createEmpty(8)]);
    const ids = ({ app, user, authority, organization }: Sandbox) => [
      app.clientId,
      user.objectId,
      authority.tenantId,
      organization.findSystemUserId(user),
    ];
    expect(ids(one)).to.deep.equal(ids(two)).and.not.deep.equal(ids(other));
    await Promise.all([one.close(), two.close(), other.close()]);
  });

  const createEmpty = (seed: number) =>
    createSandbox({ seed, organizations: [{ name: 'contoso', data: 'empty' }] });

  it('starts an organization with sample cases by default', async () => {
    const ready = await createSandbox();
    try {
      const { value } = (await (
        await ask(ready.organization, ready.issueToken(), 'incidents?$select=title')
      ).json()) as {
        value: { title: string }[];
      };
      expect(value).to.have.length.greaterThan(50);
    } finally {
      await ready.close();
    }
  });

  it('keeps rows in a file and loads the sample only once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const file = join(folder, 'contoso.db');
    const open = () => createSandbox({ organizations: [{ name: 'contoso', file }] });
    const count = ({ organization }: Sandbox) =>
      ['account', 'systemuser'].map((table) => organization.store.count(table));
    const first = await open();
    const before = { counts: count(first), id: first.organization.organizationId };
    await first.close();
    const second = await open();
    expect({ counts: count(second), id: second.organization.organizationId }).to.deep.equal(before);
    await second.close();
    rmSync(folder, { recursive: true });
  });

  it('uses the given ports and names a port that is taken', async () => {
    const port = Number(new URL(sandbox.authority.url).port);
    const error = await createSandbox({ port }).catch((reason) => reason);
    expect(error).to.include({ code: 'SETTING_INVALID' });
    expect(error.message).to.contain(String(port));
  });

  it('frees its ports on close', async () => {
    const passing = await createEmpty(3);
    const { origin } = passing.organization;
    await passing.close();
    const response = await fetch(origin).catch(() => 'gone');
    expect(response).to.equal('gone');
  });

  it('issues tokens with the claims of the user or app and the organization', () => {
    expect(claimsOf(sandbox.issueToken())).to.include({
      aud: sandbox.organization.origin,
      oid: sandbox.user.objectId,
    });
    expect(claimsOf(sandbox.issueToken(sandbox.app))).to.include({
      idtyp: 'app',
      appid: sandbox.app.clientId,
    });
  });
});
