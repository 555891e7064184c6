import { request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import '../../../test/support/fixed-seed.ts';
import { createSender } from 'dynamics365-connector/node';
import { createTurnCache } from '../src/turn-cache.ts';
import { openService, type ServiceFixture } from './fixture.ts';

const requestCount = Number(process.env.SERVICE_REQUESTS ?? 60);

interface Sent {
  readonly action?: string;
  readonly connection?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('service: the direct way of an action', () => {
  let fixture: ServiceFixture;
  const ends: ServiceFixture[] = [];
  let id: string;
  let readKey: string;
  before(async () => {
    fixture = await openService();
    const created = await fixture.run('account.create', { name: 'Fabrikam' });
    id = (created.body.output as { readonly id: string }).id;
    readKey = await fixture.createKey({ scopes: ['actions:read'] });
  });
  after(async () => {
    for (const each of [fixture, ...ends]) await each.close();
  });

  /** `suffix` "?" is no ordinary path: the request is answered through the Fetch API. */
  const send = async (
    { action = 'account.get', connection = 'contoso', body = '{}', headers }: Sent,
    suffix = '',
  ) => {
    const url = `${fixture.service.listening}/v1/connections/${connection}/actions/${action}${suffix}`;
    const authorization = `Bearer ${fixture.key}`;
    return await new Promise<object>((resolve, reject) => {
      const sent = request(
        url,
        { method: 'POST', headers: { authorization, ...headers } },
        async (response) => {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk as Buffer);
          const { date: _, 'request-id': requestId, ...others } = response.headers;
          const {
            'transfer-encoding': _c,
            'content-length': _l,
            ratelimit: _r,
            'ratelimit-policy': policy,
            ...compared
          } = others;
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode,
            headers: compared,
            text: withoutIds(text),
            hasId: requestId !== undefined,
            hasPolicy: policy !== undefined,
          });
        },
      );
      sent.on('error', reject);
      sent.setHeader('content-length', Buffer.byteLength(body));
      sent.end(body);
    });
  };

  const cases: Readonly<Record<string, () => Sent>> = {
    'a row': () => ({ body: JSON.stringify({ id }) }),
    'a row that is not there': () => ({
      body: JSON.stringify({ id: '4f1d2b6e-0c5a-4d57-8f6e-2a9b7c3d1e05' }),
    }),
    'a wrong input': () => ({ body: '{"id":1}' }),
    'an update': () => ({ action: 'account.update', body: JSON.stringify({ id, name: 'Contoso' }) }),
    'an empty body': () => ({ action: 'account.count', body: '' }),
    'a body that is no JSON': () => ({ body: '{"id":' }),
    'a body that is not UTF-8': () => ({ body: new Uint8Array([123, 255, 125]) }),
    'a body that is a list': () => ({ body: '[]' }),
    'an action that is not there': () => ({ action: 'account.gett' }),
    'the name of a member of every object': () => ({ action: 'constructor' }),
    'a connection that is not there': () => ({ connection: 'acme' }),
    'no key': () => ({ headers: { authorization: '' } }),
    'a key that has not the scope': () => ({
      action: 'account.update',
      headers: { authorization: `Bearer ${readKey}` },
    }),
    'a foreign Host': () => ({ headers: { host: 'evil.example.com' } }),
    'a foreign Origin': () => ({ headers: { origin: 'https://evil.example.com' } }),
    'an If-Match of another version': () => ({
      action: 'account.update',
      body: JSON.stringify({ id, name: 'x' }),
      headers: { 'if-match': '"1"' },
    }),
    'JSON Lines': () => ({ action: 'account.list', headers: { accept: 'application/x-ndjson' } }),
  };
  for (const [name, given] of Object.entries(cases))
    it(`answers as any other way: ${name}`, async () => {
      const answers = [await send(given()), await send(given(), '?')];
      expect(answers[0]).to.deep.equal(answers[1]);
      expect(answers[0]).to.have.property('hasId', true);
    });

  it('is canceled, down to the organization, when the caller hangs up', async () => {
    let hanging: AbortSignal | undefined;
    const sender = createSender();
    const held = await openService({
      services: {
        send: (sent) => {
          if (!sent.url.includes('/accounts(')) return sender(sent);
          hanging = sent.signal;
          return new Promise(() => {});
        },
      },
    });
    ends.push(held);
    await held.run('account.list', {});
    const caller = new AbortController();
    const answer = fetch(`${held.service.listening}/v1/connections/contoso/actions/account.get`, {
      ...{ method: 'POST', body: JSON.stringify({ id }), signal: caller.signal },
      headers: { authorization: `Bearer ${held.key}` },
    }).catch((error: Error) => error.name);
    while (hanging === undefined) await setImmediate();
    caller.abort();
    expect(await answer).to.equal('AbortError');
    while (!hanging.aborted) await setImmediate();
  });

  it('answers random bodies as any other way', async function () {
    this.timeout(1_800_000);
    const action = fc.constantFrom(
      'account.get',
      'account.list',
      'account.count',
      'record.get',
      'query.fetch',
    );
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .dictionary(fc.constantFrom('id', 'search', 'limit', 'table'), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(action, body, async (chosen, text) => {
        const given = { action: chosen, body: text };
        expect(await send(given)).to.deep.equal(await send(given, '?'));
      }),
      { numRuns: requestCount },
    );
  });
});

/** Without what differs between two requests: their ids, and the versions of a row that both change. */
function withoutIds(text: string): string {
  return text.replaceAll(/"(requestId|instance|serviceRequestId|version|modifiedOn)":"[^"]*"/g, '"$1"');
}

describe('service: reads of keys and connections', () => {
  it('are shared in one turn of the event loop, and are new in the next', async () => {
    let reads = 0;
    const cache = createTurnCache(async (name) => `${name} ${++reads}`);
    expect(await Promise.all([cache.read('a'), cache.read('b'), cache.read('a')])).to.deep.equal([
      'a 1',
      'b 2',
      'a 1',
    ]);
    await setImmediate();
    expect(await cache.read('a')).to.equal('a 3');
    cache.clear();
    expect(await cache.read('a')).to.equal('a 4');
  });
});
