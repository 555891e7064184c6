import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import { maxExchanges, RecordedExchanges } from '../../src/exchanges/exchange-log.ts';
import { createSandbox, type Sandbox } from '../../src/index.ts';
import { type HandlerHarness, startOrganizationHandler } from '../server/harness.ts';

describe('organization.exchanges', () => {
  let harness: HandlerHarness;
  beforeEach(async () => {
    harness = await startOrganizationHandler();
  });
  afterEach(() => harness.close());

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${harness.origin}/api/data/v9.2/rows?$top=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer member', 'content-type': 'application/json', ...headers },
      body,
    }).then((response) => response.text());

  it('has method, path, status, time, caller, sizes and bodies of a request and its response', async () => {
    harness.respond = () => {
      harness.clock.advance(7);
      return { status: 201, headers: { 'Content-Type': 'application/json' }, body: '{"name":"Grüße"}' };
    };
    await post('{"name":"Contoso"}');
    const [exchange] = harness.exchanges.list();
    expect(exchange).to.deep.include({
      number: 1,
      time: new Date(harness.clock.now() - 7).toISOString(),
      milliseconds: 7,
      method: 'POST',
      path: '/api/data/v9.2/rows?$top=1',
      status: 201,
      caller: { userId: 'user-1', impersonatorId: undefined, clientId: 'app' },
    });
    expect(exchange?.request).to.deep.include({ bytes: 18, body: '{"name":"Contoso"}' });
    expect(exchange?.response).to.deep.include({ bytes: 18, body: '{"name":"Grüße"}' });
    expect(exchange?.response?.headers).to.include({ 'content-type': 'application/json' });
  });

  it('contains no token, cookie or stored secret', async () => {
    const secret = 'member-secret';
    await post(`{"authvalue":"${secret} \\" ${secret}","name":"x"}`, { cookie: `session=${secret}` });
    await post(
      `${JSON.stringify({ name: 'x'.repeat(4060) }).slice(0, -1)},"authvalue":"${secret.repeat(9)}"}`,
    );
    const text = JSON.stringify(harness.exchanges.list());
    expect(text).not.to.include('secret').and.not.to.include('Bearer member');
    expect(harness.exchanges.list()[0]?.request.headers).to.include({
      authorization: 'Bearer [redacted]',
      cookie: '[redacted]',
    });
    expect(harness.exchanges.list()[0]?.response?.headers['set-cookie']).to.equal('[redacted]');
  });

  it('cuts bodies, paths and headers, and never divides a character', async () => {
    const long = '€'.repeat(20_000);
    await post(JSON.stringify({ name: long }), { 'x-long': 'a'.repeat(9000) });
    await harness.get(`/api/data/v9.2/rows?$filter=${'a'.repeat(9000)}`);
    const [first, second] = harness.exchanges.list();
    expect(first?.request.bytes).to.equal(60_011);
    expect(first?.request.body).to.match(/^\{"name":"€+$/);
    expect(Buffer.byteLength(first?.request.body ?? '')).to.be.within(4090, 4096);
    expect(JSON.stringify(first?.request.headers).length).to.be.below(4500);
    expect(second?.path).to.have.length(4096);
  });

  it('keeps the size of a binary body without its content', async () => {
    await post('GIF89a', { 'content-type': 'application/octet-stream' });
    expect(harness.exchanges.list()[0]?.request).to.deep.include({ bytes: 6, body: undefined });
  });

  it('names the injected fault, with the response that the client did not get', async () => {
    for (const fault of [
      { kind: 'reset', atByte: 0 },
      { kind: 'status', status: 429 },
      { kind: 'html' },
      { kind: 'reset-before' },
    ] as const) {
      harness.faults.add(fault);
      await harness
        .get()
        .then((response) => response.text())
        .catch(() => {});
    }
    const seen = harness.exchanges.list().map(({ fault, status }) => [fault, status]);
    expect(seen).to.deep.equal([
      ['reset', 200],
      ['status', 429],
      ['html', 200],
      ['reset-before', undefined],
    ]);
  });

  it('has no caller for a request without a valid token', async () => {
    await fetch(`${harness.origin}/api/data/v9.2/rows`, { headers: { authorization: 'Bearer stranger' } });
    await harness.get('/api/data/v9.2/rows', { authorization: 'Bearer non-member' });
    expect(harness.exchanges.list().map(({ caller, status }) => [caller, status])).to.deep.equal([
      [undefined, 401],
      [undefined, 403],
    ]);
  });

  it(`keeps the last ${maxExchanges} exchanges`, () => {
    const log = new RecordedExchanges(() => 0);
    for (let i = 0; i < maxExchanges + 5; i++) {
      const request = { method: 'GET', url: `/${i}`, headers: {} } as IncomingMessage;
      log.start(request).end({ headersSent: false } as ServerResponse);
    }
    const paths = log.list().map(({ path }) => path);
    expect(paths).to.have.length(maxExchanges);
    expect([paths[0], paths.at(-1)]).to.deep.equal(['/5', `/${maxExchanges + 4}`]);
  });
});

describe('/__sandbox/exchanges', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
  });
  after(() => sandbox.close());

  const control = async (path: string, body: object = {}) => {
    const url = `${sandbox.organization.origin}/__sandbox/${path}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const list = async (body?: object) => JSON.parse((await control('exchanges', body)).text);

  it('returns what organization.exchanges returns, or what came after a number', async () => {
    const { origin, exchanges } = sandbox.organization;
    const headers = { authorization: `Bearer ${sandbox.issueToken()}` };
    for (const path of ['WhoAmI', 'accounts']) await fetch(`${origin}/api/data/v9.2/${path}`, { headers });
    expect(await list()).to.deep.equal({ exchanges: JSON.parse(JSON.stringify(exchanges.list())) });
    const paths = (await list({ after: 1 })).exchanges.map(({ path }: { path: string }) => path);
    expect(paths).to.deep.equal(['/api/data/v9.2/accounts']);
    expect(exchanges.list()[0]?.caller?.userId).to.equal(sandbox.organization.findSystemUserId(sandbox.user));
    expect((await control('clear-exchanges')).status).to.equal(204);
    expect(await list()).to.deep.equal({ exchanges: [] });
  });

  it('refuses another parameter by its path', async () => {
    for (const body of [{ after: '1' }, { after: -1 }, { from: 1 }]) {
      const { status, text } = await control('exchanges', body);
      expect(status).to.equal(400);
      expect(JSON.parse(text).error.path).to.equal(`/${Object.keys(body)[0]}`);
    }
  });
});
