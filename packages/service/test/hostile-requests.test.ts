import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { openService, type ServiceFixture } from './fixture.ts';

const requestCount = Number(process.env.SERVICE_REQUESTS ?? 300);

describe('service: hostile requests', function () {
  this.timeout(600_000);
  let fixture: ServiceFixture;
  const logEvents: string[] = [];
  before(async () => {
    fixture = await openService({ services: { log: ({ event }) => void logEvents.push(event) } });
  });
  after(() => fixture.close());

  const paths = [
    '/v1/connections/contoso/actions/account.create',
    '/v1/connections/contoso/actions/query.fetch',
    '/v1/connections/contoso/actions/record.update',
    '/v1/connections/contoso/triggers/account.created/poll',
    '/v1/connections/contoso/triggers/account.created/sample',
    '/v1/connections/contoso/bulk/account/create',
    '/v1/connect-sessions',
    '/v1/subscriptions',
    '/v1/subscriptions/x',
    '/v1/connections/contoso/lists/rows?table=x',
    '/v1/connections/contoso/lists/columns?table=%00',
    '/v1/connections/%2e%2e/actions/account.create',
    '/v1/connections/__proto__/actions/constructor',
    '/connect/x',
    '/oauth/callback?code=x&state=y',
    '/openapi.json?actions=__proto__',
  ];
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom(
      '{"__proto__":{"x":1}}',
      '{"params":{"__proto__":1}}',
      `${'['.repeat(5000)}`,
      '{"a":1e999}',
      'null',
      '"x"',
    ),
    fc
      .record({
        connection: fc.anything(),
        orgUrl: fc.anything(),
        url: fc.anything(),
        trigger: fc.anything(),
        params: fc.anything(),
      })
      .map(
        (value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)) ?? '',
      ),
  );

  it('get a status that fits and a problem, and never a 5xx', async () => {
    const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), method, bodies, async (path, verb, body) => {
        const hasBody = verb !== 'GET';
        const { status, headers, text } = await fixture.call(path, {
          method: verb,
          body: hasBody ? body : undefined,
        });
        expect(status, `${verb} ${path} ${text}`).to.be.below(500);
        if (status >= 400 && path.startsWith('/v1'))
          expect(headers.get('content-type')).to.equal('application/problem+json');
      }),
      { numRuns: requestCount },
    );
    expect(({} as Record<string, unknown>).x).to.equal(undefined);
  });

  it('that end halfway, or are not HTTP, leave the service running', async () => {
    const { hostname, port } = new URL(fixture.service.listening);
    const send = (text: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(text);
          setTimeout(() => socket.destroy(), 20);
        });
        socket.on('error', () => {}).on('close', () => resolve());
      });
    const head = `POST /v1/connections/contoso/actions/account.create HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${fixture.key}\r\n`;
    await Promise.all([
      send(`${head}Content-Length: 100\r\n\r\n{"name":"half"`),
      send(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`),
      send('\u0000\u0001\u0002'),
      send('GET / HTTP/1.1\r\n'),
    ]);
    expect((await fixture.call('/health')).status).to.equal(200);
    const { body } = await fixture.run('account.list', { search: 'half' });
    expect(body.output, 'no row of half a request').to.deep.equal([]);
    expect(logEvents, 'for the operator').to.not.include('service.unexpected');
  });

  for (const [name, isDeclared] of Object.entries({ 'with its length': true, 'in pieces': false }))
    it(`of 100 MB, sent ${name}, get 413 before they are read to their end`, async () => {
      for (const path of ['actions/account.create', 'triggers/account.created/poll', 'mcp']) {
        const { status, sentBytes } = await sendLarge(`/v1/connections/contoso/${path}`, isDeclared);
        expect(status, path).to.equal(413);
        expect(sentBytes, path).to.be.below(70_000_000);
      }
      const { status } = await sendLarge('/v1/subscriptions', isDeclared, 'wrong');
      expect(status, 'without a key').to.equal(401);
      expect((await fixture.call('/health')).status).to.equal(200);
    });

  /** Sends zeros until the answer comes. */
  const sendLarge = async (path: string, isDeclared: boolean, key = fixture.key) => {
    const piece = Buffer.alloc(1_000_000, '0');
    const headers = { authorization: `Bearer ${key}`, ...(isDeclared && { 'content-length': 100_000_000 }) };
    const sent = request(`${fixture.service.listening}${path}`, { method: 'POST', headers });
    let status: number | undefined;
    let sentBytes = 0;
    const answered = new Promise<void>((resolve) => {
      sent.on('response', (response) => {
        status = response.statusCode;
        response.resume();
        resolve();
      });
      sent.on('error', () => resolve());
    });
    while (status === undefined && sentBytes < 100_000_000 && !sent.destroyed) {
      const isTaken = sent.write(piece);
      sentBytes += piece.length;
      if (!isTaken) await Promise.race([once(sent, 'drain').catch(() => {}), answered]);
      await setImmediate();
    }
    await answered;
    sent.destroy();
    return { status, sentBytes };
  };
});

describe('service: two customers', () => {
  let fixture: ServiceFixture;
  before(async () => {
    fixture = await openService();
  });
  after(() => fixture.close());

  it('learn nothing of each other, whatever they ask', async () => {
    const [mine, theirs] = ['acme', 'globex-secret-name'] as const;
    const saved = (await fixture.connections.find('contoso'))!;
    const secrets = await fixture.connections.secrets('contoso');
    for (const name of [mine, theirs]) await fixture.connections.save({ ...saved, name }, secrets);
    const key = await fixture.createKey({ name: 'Acme', connections: [mine] });
    const otherKey = await fixture.createKey({ name: 'Globex Corporation', connections: [theirs] });
    const subscription = await fixture.call('/v1/subscriptions', {
      key: otherKey,
      body: { connection: theirs, trigger: 'case.created', url: 'http://127.0.0.1:9/globex-hook' },
    });
    const { id } = subscription.body as { readonly id: string };
    const attempts: readonly (readonly [path: string, body?: object])[] = [
      ['/v1/connections'],
      [`/v1/connections/${theirs}`],
      [`/v1/connections/${theirs}/check`, {}],
      [`/v1/connections/${theirs}/actions/account.list`, {}],
      [`/v1/connections/${theirs}/openapi.json`],
      [`/v1/connections/${theirs}/mcp`, {}],
      [`/v1/connections/${theirs}/lists/tables`],
      [`/v1/connections/${theirs}/triggers/case.created/poll`, {}],
      [`/v1/connections/${theirs}/bulk/account/create`, {}],
      ['/v1/connections/nothing/actions/account.list', {}],
      ['/v1/subscriptions'],
      [`/v1/subscriptions/${id}`],
      [`/v1/subscriptions/${id}/events`],
      ['/v1/connect-sessions', { connection: theirs, orgUrl: saved.settings.orgUrl }],
      ['/v1/subscriptions', { connection: theirs, trigger: 'case.created', url: 'https://example.com/' }],
      ['/openapi.json'],
    ];
    for (const [path, body] of attempts) {
      const { text } = await fixture.call(path, { key, body });
      // The name that the caller sent may come back; nothing else of the other customer may.
      const seen =
        path.includes(theirs) || JSON.stringify(body ?? {}).includes(theirs)
          ? text.replaceAll(theirs, '')
          : text;
      for (const secret of ['globex', 'Globex']) expect(seen, path).to.not.contain(secret);
    }
  });
});
