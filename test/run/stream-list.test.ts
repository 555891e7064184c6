import { expect } from 'chai';
import fc from 'fast-check';
import type { Client } from '../../src/client/client.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { loadConnector, type UntypedOperations } from '../../src/index.ts';
import type { HttpSender } from '../../src/model/http.ts';
import type { LogEvent } from '../../src/model/runtime-services.ts';
import {
  type BrokenOrganizationOptions,
  caseId,
  createBrokenOrganization,
} from '../support/broken-organization.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import '../support/fixed-seed.ts';

/** A client of an organization whose responses arrive in parts and break. */
async function open(
  options: BrokenOrganizationOptions,
  wrap: (send: HttpSender) => HttpSender = (send) => send,
) {
  const { origin, send, counts } = createBrokenOrganization(options);
  const attempts: LogEvent[] = [];
  const connector = await loadConnector<UntypedOperations>({
    send: wrap(send),
    clock: createFakeClock(),
    log: (event) => void (event.event === 'http.attempt' && attempts.push(event)),
  });
  const client: Client = connector.connect(
    { orgUrl: origin },
    { kind: 'host', getToken: () => ({ token: 't' }) },
  );
  return { client, counts, attempts };
}

const whole = { breaks: 0, random: () => 0.5 };

async function readAll(client: Client, pageSize = 100): Promise<string[]> {
  const ids: string[] = [];
  for await (const row of client.list('case.list', {}, { pageSize })) ids.push(String(row.id));
  return ids;
}

async function errorOf(promise: Promise<unknown>): Promise<ConnectorError> {
  return await promise.then(
    () => expect.fail('no error'),
    (error) => error as ConnectorError,
  );
}

const idsUpTo = (count: number) => Array.from({ length: count }, (_, n) => caseId(n));

describe('client.list', () => {
  it('returns each row once, in order, from bodies that break anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 300 }),
        async (seed, rows, pageSize) => {
          const random = createSeededRandom(seed);
          const { client, counts, attempts } = await open({ rows, random, breaks: 0.08 });
          const ids: string[] = [];
          try {
            for await (const row of client.list('case.list', {}, { pageSize })) ids.push(String(row.id));
            expect(ids).to.deep.equal(idsUpTo(rows));
          } catch (error) {
            // Too many attempts failed: the rows before are complete.
            expect((error as ConnectorError).code).to.equal('NETWORK');
            expect(ids).to.deep.equal(idsUpTo(ids.length));
          }
          const failed = attempts.filter(({ fields }) => fields.code === 'NETWORK');
          expect(failed).to.have.length(counts.broken);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('throws the place of a body that breaks in every attempt', async () => {
    const isSecondPage = (url: string) => url.includes('skiptoken');
    let breaks = 0;
    const { client } = await open({
      rows: 300,
      get breaks() {
        return breaks;
      },
      random: () => 0.5,
      onRequest: ({ url }) => {
        breaks = isSecondPage(url) ? 1 : 0;
      },
    });
    const error = await errorOf(readAll(client));
    expect(error.code).to.equal('NETWORK');
    expect(error.message).to.match(/The list broke on page 2, after 1\d\d rows\.$/);
    expect(error.details.rowsRead).to.be.within(100, 199);
  });

  it('throws for a body that ends early without an error of the connection, and never ends the list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { client, counts } = await open({
          rows: 400,
          random: createSeededRandom(seed),
          breaks: 0.5,
          shortens: true,
        });
        const ids = await readAll(client).catch((error: ConnectorError) => error);
        if (counts.broken === 0) expect(ids).to.deep.equal(idsUpTo(400));
        else expect((ids as ConnectorError).code).to.equal('RESPONSE_NOT_JSON');
      }),
      { numRuns: 15 },
    );
  });

  it('returns the first rows before their page has arrived', async () => {
    let arrived = 0;
    const { client } = await open({ ...whole, rows: 1000 }, (send) => async (request) => {
      const response = await send(request);
      return { ...response, body: counted(response.body, (bytes) => (arrived += bytes)) };
    });
    for await (const row of client.list('case.list', {}, { pageSize: 1000 })) {
      expect(row.id).to.equal(caseId(0));
      break;
    }
    expect(arrived).to.be.below(50_000);
  });

  it('closes the response when the reader stops early, and aborts it with the signal of the call', async () => {
    const signals: AbortSignal[] = [];
    const wrap =
      (send: HttpSender): HttpSender =>
      (request) => {
        if (request.signal !== undefined) signals.push(request.signal);
        return send(request);
      };
    const { client } = await open({ ...whole, rows: 100_000 }, wrap);
    for await (const _ of client.list('case.list', {}, { pageSize: 5000 })) break;
    await new Promise(setImmediate);
    expect(signals.at(-1)?.aborted).to.equal(true);
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of client.list('case.list', {}, { pageSize: 5000, signal: controller.signal }))
        controller.abort();
    })();
    expect((await errorOf(reading)).code).to.equal('ABORTED');
  });

  it('reads at most one page while the reader waits', async () => {
    const { client, counts } = await open({ ...whole, rows: 5000 });
    for await (const _ of client.list('case.list', {}, { pageSize: 100 })) {
      await new Promise(setImmediate);
      expect(counts.requests).to.equal(1);
      break;
    }
  });

  it('calls other actions while it is read, also if only one request is allowed at a time', async () => {
    const { origin, send } = createBrokenOrganization({ ...whole, rows: 30 });
    const connector = await loadConnector<UntypedOperations>({ send, limits: { maxConcurrentRequests: 1 } });
    const client = connector.connect({ orgUrl: origin }, { kind: 'host', getToken: () => ({ token: 't' }) });
    let count = 0;
    for await (const _ of client.list('case.list', {}, { pageSize: 10 }))
      count += ((await client.run('case.list', { limit: 1 })).output as readonly unknown[]).length;
    expect(count).to.equal(30);
  });

  it('ends at the limit, in the middle of a page too, and returns whole pages with `pages()`', async () => {
    const { client } = await open({ ...whole, rows: 1000 });
    const ids: string[] = [];
    for await (const row of client.list('case.list', { limit: 250 }, { pageSize: 100 }))
      ids.push(String(row.id));
    expect(ids).to.deep.equal(idsUpTo(250));
    const pages = [];
    for await (const { rows, ...page } of client.list('case.list', { limit: 250 }, { pageSize: 100 }).pages())
      pages.push({ rows: rows.length, ...page });
    expect(pages).to.deep.equal([
      { rows: 100, attempts: 1, hasMore: true },
      { rows: 100, attempts: 1, hasMore: true },
      { rows: 50, attempts: 1, hasMore: true },
    ]);
  });
});

async function* counted(body: AsyncIterable<Uint8Array>, count: (bytes: number) => void) {
  for await (const part of body) {
    count(part.byteLength);
    yield part;
    // A network would take time.
    await new Promise(setImmediate);
  }
}
