import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { findFreePort } from '../../../../test/support/free-port.ts';
import { createSandbox, type Sandbox } from '../../src/index.ts';
import { testClock } from './harness.ts';

/** The status, headers and body of a response. */
async function record(response: Response) {
  const { status, headers } = response;
  return {
    status,
    headers: [...headers].sort(),
    cookies: headers.getSetCookie(),
    body: await response.text(),
  };
}

async function callWebApi({ organization, issueToken }: Sandbox) {
  const url = `${organization.origin}/api/data/v9.2/`;
  const headers = { authorization: `Bearer ${issueToken()}`, 'content-type': 'application/json' };
  const post = async (path: string, body: object) =>
    record(await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) }));
  const get = async (path: string) => record(await fetch(url + path, { headers }));
  const created = await post('incidents', { title: 'A case' });
  const batch = 'multipart/mixed; boundary=b';
  const batchBody =
    '--b\r\nContent-Type: application/http\r\n\r\nGET accounts?$top=1 HTTP/1.1\r\n\r\n\r\n--b\r\nContent-Type: application/http\r\n\r\nGET nothing HTTP/1.1\r\n\r\n\r\n--b--';
  return [
    created,
    await get('incidents?$top=3&$orderby=createdon desc&$select=ticketnumber,createdon'),
    await get('accounts?$top=5'),
    await get('nothing'),
    await record(
      await fetch(`${url}$batch`, {
        method: 'POST',
        headers: { ...headers, 'content-type': batch },
        body: batchBody,
      }),
    ),
    await record(await fetch(`${organization.origin}/api/data/v9.2/accounts`)),
  ];
}

async function requestTokens({ authority, organization, app, signInAutomatically }: Sandbox) {
  const tokenUrl = `${authority.url}/${authority.tenantId}/oauth2/v2.0/token`;
  const redirect = 'http://localhost/callback';
  const scope = `offline_access ${organization.origin}/user_impersonation`;
  const client = { client_id: app.clientId, client_secret: app.clientSecret ?? '' };
  const post = async (fields: Record<string, string>) => {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ ...client, ...fields }),
    });
    return (await response.json()) as Record<string, string>;
  };
  const authorize = new URLSearchParams({
    client_id: app.clientId,
    response_type: 'code',
    redirect_uri: redirect,
    scope,
  });
  const callback = await signInAutomatically(`${authority.url}/common/oauth2/v2.0/authorize?${authorize}`);
  const code = new URL(callback).searchParams.get('code') ?? '';
  const redeemed = await post({ grant_type: 'authorization_code', code, redirect_uri: redirect, scope });
  const refreshed = await post({
    grant_type: 'refresh_token',
    refresh_token: redeemed.refresh_token ?? '',
    scope,
  });
  const appOnly = await post({ grant_type: 'client_credentials', scope: `${organization.origin}/.default` });
  const failed = await post({ grant_type: 'client_credentials', client_secret: 'wrong', scope });
  expect(refreshed.refresh_token, JSON.stringify([code, redeemed, refreshed])).to.be.a('string');
  return { code, redeemed, refreshed, appOnly, failed };
}

/** Everything that a client sees of a sandbox with a seed, at a fixed time. */
async function observe(port: number, seed: number) {
  const sandbox = await createSandbox({ port, seed, clock: testClock() });
  try {
    const { app, apps, users, adminSecret, authority, organization, discovery } = sandbox;
    const discovered = await fetch(`${discovery.url}/api/discovery/v2.0/Instances`, {
      headers: { authorization: `Bearer ${sandbox.issueToken(users[0], { origin: discovery.url })}` },
    });
    const keys = await fetch(`${authority.url}/common/discovery/v2.0/keys`);
    return {
      sandbox: { app, apps, users, adminSecret, tenant: authority.tenantId, id: organization.organizationId },
      webApi: await callWebApi(sandbox),
      tokens: await requestTokens(sandbox),
      discovery: await record(discovered),
      keys: await keys.json(),
    };
  } finally {
    await sandbox.close();
    // The next sandbox has the same port: fetch has to see that its connections are closed.
    await setTimeout(100);
    await setImmediate();
  }
}

describe('createSandbox: seed', () => {
  it('gives the same ids, numbers, times, cookies, request ids and tokens at the same time', async () => {
    const port = await findFreePort(3);
    const first = await observe(port, 7);
    expect(await observe(port, 7)).to.deep.equal(first);
    const other = await observe(port, 8);
    expect(other.sandbox.adminSecret).to.not.equal(first.sandbox.adminSecret);
    expect(other.keys).to.not.deep.equal(first.keys);
    expect(other.webApi[0]?.cookies).to.not.deep.equal(first.webApi[0]?.cookies);
    expect(other.tokens.code).to.not.equal(first.tokens.code);
  });

  it('gives two organizations and two seeds different ids', async () => {
    const ids: string[] = [];
    for (const seed of [1, 2]) {
      const organizations = ['contoso', 'fabrikam'].map((name) => ({ name, data: 'empty' as const }));
      const sandbox = await createSandbox({ seed, organizations });
      ids.push(...sandbox.organizations.map(({ organizationId }) => organizationId));
      await sandbox.close();
    }
    expect(new Set(ids).size).to.equal(4);
  });

  it('gives rows the same ids whatever is read in between', async () => {
    const create = async (reads: number) => {
      const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
      const headers = { authorization: `Bearer ${sandbox.issueToken()}` };
      const url = `${sandbox.organization.origin}/api/data/v9.2`;
      for (let i = 0; i < reads; i++) await fetch(`${url}/nothing`, { headers });
      const ids = sandbox.organization.seed({ accounts: [{ name: 'A' }] });
      await sandbox.close();
      return ids;
    };
    expect(await create(3)).to.deep.equal(await create(0));
  });
});
