import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { BODY, getRows, type HandlerHarness, startOrganizationHandler } from './harness.ts';

describe('createOrganizationHandler', () => {
  let harness: HandlerHarness;
  beforeEach(async () => {
    harness = await startOrganizationHandler();
  });
  afterEach(() => harness.close());

  it('passes the request with its caller to the Web API', async () => {
    await fetch(`${harness.origin}/api/data/v9.2/rows?$filter=a%20eq%201`, {
      method: 'POST',
      headers: { authorization: 'Bearer member', Prefer: 'return=representation' },
      body: 'a body',
    });
    const [request] = harness.received;
    expect(request).to.include({ method: 'POST', target: '/api/data/v9.2/rows?$filter=a%20eq%201' });
    expect(request?.caller).to.deep.equal({ userId: 'user-1', isMember: true });
    expect(request?.headers).to.include({ prefer: 'return=representation' });
    expect(Buffer.from(request?.body ?? '').toString()).to.equal('a body');
  });

  it('adds Dataverse’s headers to every response', async () => {
    const { headers } = await harness.get();
    expect(headers.get('date')).to.equal('Sat, 31 Jan 2026 08:30:00 GMT');
    expect(headers.get('x-ms-service-request-id')).to.match(/^[0-9a-f-]{36}$/);
    expect(headers.get('req_id')).to.equal(headers.get('x-ms-service-request-id'));
    for (const name of ['allow', 'public']) expect(headers.get(name)).to.equal('OPTIONS,GET,HEAD,POST');
    expect(headers.get('cache-control')).to.equal('no-cache');
    expect(headers.get('expires')).to.equal('-1');
    expect(headers.get('vary')).to.equal('Accept-Encoding');
    expect(headers.has('crm.serviceid')).to.equal(false);
    expect(headers.get('x-ms-dop-hint')).to.equal('4');
    expect(headers.get('x-ms-ratelimit-burst-remaining-xrm-requests')).to.equal('7999');
    expect(headers.get('x-ms-ratelimit-time-remaining-xrm-requests')).to.equal('1,200.00');
  });

  it('sends no Vary without a body or with an error', async () => {
    harness.respond = () => ({ status: 204, headers: {} });
    expect((await harness.get()).headers.has('vary')).to.equal(false);
    harness.respond = () => ({ status: 400, headers: {}, body: BODY });
    expect((await harness.get()).headers.has('vary')).to.equal(false);
  });

  const session = (value: string) =>
    new RegExp(`^${value}; expires=Fri, 31 Jan 2076 08:30:00 GMT; path=/; secure; HttpOnly$`);
  const affinity = /^ARRAffinity=[0-9a-f]{64}; path=\/; secure; HttpOnly$/;
  const organizationId = '6f1f8d7a-2c5e-4d0b-9a51-0b5b8f3d2c11';

  it('sets Dataverse’s cookies for the session', async () => {
    const [first, client, organization, last, ...others] = (await harness.get()).headers.getSetCookie();
    expect(first).to.match(affinity);
    expect(client).to.match(session('ReqClientId=[0-9a-f-]{36}'));
    expect(organization).to.match(session(`orgId=${organizationId}`));
    expect(last).to.equal(first);
    expect(others).to.deep.equal([]);
  });

  it('sets the time of the last write after a successful write only', async () => {
    const write = async () => {
      const response = await fetch(`${harness.origin}/api/data/v9.2/rows`, {
        method: 'POST',
        headers: { authorization: 'Bearer member', cookie: 'ARRAffinity=abc' },
      });
      return response.headers.getSetCookie();
    };
    expect(await write()).to.deep.equal([
      'last_commit_time=2026-01-31 08:30:00Z; expires=Sat, 31 Jan 2026 08:31:00 GMT; path=/; secure; HttpOnly',
    ]);
    harness.respond = () => ({ status: 400, headers: {} });
    expect(await write()).to.deep.equal([]);
  });

  it('sets its cookies only when the client does not send them', async () => {
    const { headers } = await harness.get('/api/data/v9.2/rows', { cookie: 'ARRAffinity=abc' });
    expect(headers.getSetCookie()).to.deep.equal([]);
  });

  it('rejects a request without a valid token with a challenge that names the tenant', async () => {
    for (const authorization of ['', 'Bearer bad', 'Basic Z29vZA==']) {
      const response = await harness.get('/api/data/v9.2/rows', { authorization });
      expect(response.status).to.equal(401);
      expect(response.headers.get('www-authenticate')).to.equal(
        `Bearer authorization_uri=http://127.0.0.1:1/tenant/oauth2/authorize, resource_id=${harness.origin}/`,
      );
    }
    expect(harness.received).to.deep.equal([]);
  });

  it('rejects a valid token of a user who is not a member', async () => {
    const response = await harness.get('/api/data/v9.2/rows', { authorization: 'Bearer non-member' });
    expect(response.status).to.equal(403);
    expect(await response.json()).to.deep.include({
      error: { code: '0x80072560', message: 'The user is not a member of the organization.' },
    });
  });

  it('compresses a response only if the client accepts gzip', async () => {
    const packed = await harness.raw(getRows.replace('\r\n\r\n', '\r\nAccept-Encoding: br, gzip\r\n\r\n'));
    const [head = '', body = ''] = packed.text.split(/\r\n\r\n(.*)/s);
    expect(head).to.contain('Content-Encoding: gzip');
    expect(gunzipSync(Buffer.from(body, 'latin1')).toString()).to.equal(BODY);
    for (const header of ['', 'Accept-Encoding: gzip;q=0\r\n', 'Accept-Encoding: br\r\n']) {
      const plain = await harness.raw(getRows.replace('\r\n\r\n', `\r\n${header}\r\n`));
      expect(plain.text).to.contain(BODY);
    }
  });

  it('sends 204 without a body and 304 without Content-Length', async () => {
    for (const status of [204, 304]) {
      harness.respond = () => ({ status, headers: {} });
      const { text } = await harness.raw(getRows);
      expect(text)
        .to.match(new RegExp(`^HTTP/1.1 ${status} `))
        .and.not.match(/content-length/i);
    }
  });

  it('rejects a body over the size limit before reading it', async () => {
    const head = getRows.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 999999999\r\n\r\n');
    const { text } = await harness.raw(head);
    expect(text).to.match(/^HTTP\/1.1 413 /);
    expect(harness.received).to.deep.equal([]);
  });

  it('rejects other host names (DNS rebinding)', async () => {
    const { text } = await harness.raw(getRows.replace('127.0.0.1', 'evil.example'));
    expect(text).to.match(/^HTTP\/1.1 421 /);
  });

  it('responds with 500 to an internal error and continues', async () => {
    harness.respond = () => {
      throw new Error('a mistake of ours');
    };
    expect((await harness.get()).status).to.equal(500);
    harness.respond = () => ({ status: 200, headers: {} });
    expect((await harness.get()).status).to.equal(200);
  });

  describe('admin commands', () => {
    const runCommand = (command: string, body: string, secret = 'admin-secret') =>
      fetch(`${harness.origin}/__sandbox/${command}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}` },
        body,
      });

    it('run with the admin secret', async () => {
      expect((await runCommand('faults', '{"kind":"status","status":503}')).status).to.equal(204);
      expect((await harness.get()).status).to.equal(503);
      expect(await (await runCommand('show-limits', '')).json()).to.include({ maxRequests: 8000 });
    });

    it('respond with 401 without the secret', async () => {
      for (const secret of ['', 'admin-secre', 'admin-secret2']) {
        expect((await runCommand('faults', '{"kind":"reset-before"}', secret)).status).to.equal(401);
      }
      expect((await harness.get()).status).to.equal(200);
    });

    it('respond with the reason when the input is invalid', async () => {
      for (const body of ['{"kind":"nonsense"}', '{"kind":"delay"}', 'not json']) {
        const response = await runCommand('faults', body);
        expect(response.status).to.equal(400);
        expect((await response.json()) as object)
          .to.have.nested.property('error.message')
          .that.is.a('string');
      }
      expect((await runCommand('toString', '{}')).status).to.equal(404);
    });
  });
});
