import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { createSandbox, type Sandbox, type SandboxOrganization } from '../../src/index.ts';
import { claimsOf, insecure } from '../authority/harness.ts';
import { testClock } from './harness.ts';

describe('sandbox', () => {
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

  it('answers WhoAmI to a user and to an app', async () => {
    const { organization, user, app } = sandbox;
    for (const person of [user, app]) {
      const answer = await ask(organization, sandbox.issueToken(person));
      expect(await answer.json()).to.include({
        UserId: organization.findSystemUserId(person),
        OrganizationId: organization.organizationId,
      });
    }
  });

  it('two organizations run side by side and refuse each other’s tokens', async () => {
    const [contoso, fabrikam] = sandbox.organizations as [SandboxOrganization, SandboxOrganization];
    const token = sandbox.issueToken(sandbox.user, fabrikam);
    expect((await ask(fabrikam, token)).status).to.equal(200);
    const refused = await ask(contoso, token);
    expect(refused.status).to.equal(401);
    expect(refused.headers.get('www-authenticate')).to.equal(
      `Bearer authorization_uri=${sandbox.authority.url}/${sandbox.authority.tenantId}/oauth2/authorize, resource_id=${contoso.origin}/`,
    );
  });

  it('somebody of the tenant who is no member is refused with 0x80072560', async () => {
    const [contoso, fabrikam] = sandbox.organizations as [SandboxOrganization, SandboxOrganization];
    const [, emil] = sandbox.users;
    const [, stranger] = sandbox.apps;
    expect((await ask(fabrikam, sandbox.issueToken(emil, fabrikam))).status).to.equal(200);
    for (const person of [emil, stranger]) {
      const answer = await ask(contoso, sandbox.issueToken(person, contoso));
      expect(answer.status).to.equal(403);
      expect(await answer.json()).to.have.nested.property('error.code', '0x80072560');
    }
  });

  it('a member whose user row is disabled is no member any more', async () => {
    const { organization, user } = sandbox;
    const id = organization.findSystemUserId(user) ?? '';
    const setDisabled = (isdisabled: boolean) =>
      organization.store.update({ table: 'systemuser', id, values: { isdisabled }, actor: { userId: id } });
    setDisabled(true);
    expect((await ask(organization, sandbox.issueToken())).status).to.equal(403);
    setDisabled(false);
    expect((await ask(organization, sandbox.issueToken())).status).to.equal(200);
  });

  it('a request acts as whom it impersonates, or is refused when that is nobody', async () => {
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
    expect((await as({ CallerObjectId: 'nobody' })).status).to.equal(403);
  });

  it('a person signs in by itself, from the authorize address to a token that works', async () => {
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
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.ClientSecretPost(app.clientSecret ?? ''),
      params,
      'http://localhost:4711/callback',
      oauth.nopkce,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer);
    expect((await ask(organization, tokens.access_token)).status).to.equal(200);
  });

  it('a sign-in that the authority stops says why', async () => {
    const wrong = { ...sandbox.user, password: 'wrong' };
    const scope = encodeURIComponent(`${sandbox.organization.origin}/user_impersonation`);
    const redirect = encodeURIComponent('http://localhost/callback');
    const url = `${sandbox.authority.url}/common/oauth2/v2.0/authorize?client_id=${sandbox.app.clientId}&response_type=code&redirect_uri=${redirect}&scope=${scope}`;
    const error = await sandbox.signInAutomatically(url, wrong).catch((reason) => reason);
    expect(error).to.include({ code: 'SIGN_IN_REFUSED' });
    expect(error.message).to.contain('AADSTS50126');
  });

  it('discovery lists the organizations that a user may enter, and none to an app', async () => {
    const { discovery, users, app } = sandbox;
    const list = async (path: string, person: Parameters<Sandbox['issueToken']>[0]) => {
      const answer = await fetch(`${discovery.url}/api/discovery/v2.0/Instances${path}`, {
        headers: { authorization: `Bearer ${sandbox.issueToken(person, { origin: discovery.url })}` },
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
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
    expect((await list("(UniqueName='nobody')", users[0])).status).to.equal(404);
    expect((await list('?$filter=startswith(Url)', users[0])).status).to.equal(400);
    const open = await fetch(`${discovery.url}/api/discovery/v2.0/Instances`);
    expect(open.headers.get('www-authenticate')).to.match(
      /^Bearer authorization_uri=.*\/common\/oauth2\/authorize/,
    );
  });

  it('a token endpoint can be told to refuse, with claims and suberror', async () => {
    const { authority, app, organization } = sandbox;
    authority.rejectTokenRequests(50076, 'interaction_required', 'MFA is needed.', {
      suberror: 'basic_action',
      claims: '{}',
    });
    const redeem = async () => {
      const answer = await fetch(`${authority.url}/${authority.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: app.clientId,
          client_secret: app.clientSecret ?? '',
          scope: `${organization.origin}/.default`,
        }),
      });
      return (await answer.json()) as Record<string, unknown>;
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

  it('orders from outside reach the authority too', async () => {
    const order = async (command: string, body: object) => {
      const answer = await fetch(`${sandbox.authority.url}/__sandbox/${command}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.adminSecret}` },
        body: JSON.stringify(body),
      });
      return answer.status;
    };
    expect(await order('set-lifetimes', { accessTokenSeconds: 60 })).to.equal(200);
    expect(sandbox.authority.lifetimes.accessTokenSeconds).to.equal(60);
    expect(await order('set-lifetimes', { nonsense: 60 })).to.equal(400);
    expect(await order('set-lifetimes', { accessTokenSeconds: 3600 })).to.equal(200);
    expect(await order('revoke-refresh-tokens', { user: sandbox.user.name })).to.equal(204);
    expect(await order('revoke-refresh-tokens', { user: 'nobody' })).to.equal(400);
    expect(await order('revoke-consent', { app: 'Stranger' })).to.equal(204);
  });

  it('a clock that runs ahead shows in Date and ends tokens early', async () => {
    const { organization } = sandbox;
    const token = sandbox.issueToken();
    organization.clockOffsetMs = 30 * 60_000;
    const ahead = await ask(organization, token);
    expect(Date.parse(ahead.headers.get('date') ?? '') - Date.now()).to.be.within(29 * 60_000, 31 * 60_000);
    organization.clockOffsetMs = 61 * 60_000;
    expect((await ask(organization, token)).status).to.equal(401);
    organization.clockOffsetMs = 0;
  });

  it('a write whose answer is lost has been carried out', async () => {
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

  it('a late commit is there for its writer at once and for others only later', async () => {
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

  it('the same seed gives the same ids', async () => {
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

  it('without options there is an organization with cases to work on', async () => {
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

  it('a file keeps the rows, and the sample is not put into it twice', async () => {
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

  it('takes the ports it is told, and says which one is taken', async () => {
    const port = Number(new URL(sandbox.authority.url).port);
    const error = await createSandbox({ port }).catch((reason) => reason);
    expect(error).to.include({ code: 'SETTING_INVALID' });
    expect(error.message).to.contain(String(port));
  });

  it('frees everything when it is closed', async () => {
    const passing = await createEmpty(3);
    const { origin } = passing.organization;
    await passing.close();
    const answer = await fetch(origin).catch(() => 'gone');
    expect(answer).to.equal('gone');
  });

  it('tokens say whom and what they are for', () => {
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
