import { getEventListeners } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createPipeline } from '../../src/http/create-pipeline.ts';
import type { Clock } from '../../src/model/runtime-services.ts';
import { Secret } from '../../src/model/secret.ts';
import { systemClock } from '../../src/node/clock.ts';
import { createLog } from '../../src/node/log.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { readManifest } from '../../src/node/read-manifest.ts';
import { createNodeServices } from '../../src/node/services.ts';
import { createLocalLimiter } from '../support/limiter.ts';
import { closedByClient, startServer } from './loopback-server.ts';

describe('systemClock', () => {
  it('ends a sleep, also one of 0 ms', async () => {
    await Promise.all([systemClock.sleep(0), systemClock.sleep(1)]);
  });

  it('leaves no listener after a sleep', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('does not end a sleep longer than the longest timer of Node.js at once', async () => {
    const controller = new AbortController();
    const sleep = systemClock.sleep(2 ** 31, controller.signal).then(
      () => 'ended',
      () => 'aborted',
    );
    await systemClock.sleep(20);
    controller.abort();
    expect(await sleep).to.equal('aborted');
  });

  it('rejects an aborted sleep with the reason of the signal', async () => {
    const reason = new Error('enough');
    const errors = [AbortSignal.abort(reason), abortSoon(reason)].map((signal) =>
      systemClock.sleep(2 ** 40, signal).catch((error: unknown) => error),
    );
    expect(await Promise.all(errors)).to.deep.equal([reason, reason]);
  });
});

describe('createLog', () => {
  const event = { level: 'warn', event: 'http.attempt', fields: { status: 503, path: '/x' } } as const;

  it('writes one JSON object per line', () => {
    const lines: string[] = [];
    createLog({ format: 'json', level: 'info', write: (line) => lines.push(line) })(event);
    expect(lines).to.have.length(1);
    expect(lines[0]!.endsWith('}\n')).to.equal(true);
    expect(JSON.parse(lines[0]!)).to.include({
      level: 'warn',
      event: 'http.attempt',
      status: 503,
      path: '/x',
    });
  });

  it('writes a readable line in the pretty format', () => {
    const lines: string[] = [];
    createLog({ format: 'pretty', level: 'info', write: (line) => lines.push(line) })(event);
    expect(lines[0]).to.match(/warn.* http\.attempt status=503 path=\/x\n$/);
  });

  it('omits lines below its level', () => {
    const lines: string[] = [];
    const log = createLog({ format: 'json', level: 'warn', write: (line) => lines.push(line) });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log({ ...event, level });
    expect(lines.map((line) => JSON.parse(line).level)).to.deep.equal(['warn', 'error']);
  });
});

describe('readManifest', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-manifest-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('throws MANIFEST_UNREADABLE with the path when connector.yaml is missing', async () => {
    const error = await readManifest(folder).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'MANIFEST_UNREADABLE');
    expect((error as Error).message).to.contain(join(folder, 'connector.yaml'));
  });

  it('reads only the files of a manifest', async () => {
    for (const name of ['actions', 'schemas/tables', 'src'])
      mkdirSync(join(folder, name), { recursive: true });
    const files = ['connector.yaml', 'actions/b.get.yaml', 'actions/a.get.yaml', 'schemas/tables/case.yaml'];
    for (const name of [...files, 'actions/notes.txt', 'src/x.yaml'])
      writeFileSync(join(folder, name), `file: ${name}`);
    const { files: read } = (await readManifest(folder)).packages[0]!;
    expect([...read.keys()].sort()).to.deep.equal([...files].sort());
    expect(read.get('actions/a.get.yaml')).to.equal('file: actions/a.get.yaml');
  });
});

describe('createNodeServices', () => {
  it('returns all services, and replaces those of the host', async () => {
    const random = () => 0.25;
    const services = createNodeServices({ random });
    expect(services.random).to.equal(random);
    expect(services.uuid()).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await services.store.set('a', 'b');
    expect((await services.store.get('a'))?.value).to.equal('b');
    services.log({ level: 'error', event: 'ignored', fields: {} });
  });

  it('ends a stalled response over a real connection at its timeout, and sends the request again', async () => {
    const server = await startServer();
    const stalled = Promise.withResolvers<void>();
    let closed: Promise<void> | undefined;
    server.handle = (_, response) => {
      closed = closedByClient(response);
      response.write('{"value":', () => stalled.resolve());
      server.handle = (_, secondResponse) =>
        void secondResponse.setHeader('content-type', 'application/json').end('{"value":[1]}');
    };
    // The timer of the first attempt ends when half of the body was sent. The second one never ends.
    const timers = [stalled.promise, new Promise<void>(() => {})];
    const clock: Clock = {
      now: () => 0,
      sleep: (ms) => (ms === 60_000 ? timers.shift()! : Promise.resolve()),
    };
    const send = createNodeFetchSender({});
    const pipeline = createPipeline({
      services: { send, clock, random: () => 0, log: () => {} },
      origin: new URL(server.url).origin,
      basePath: '/api',
      tokens: { getToken: async () => ({ token: new Secret('t'), expiresAt: Infinity }) },
      findLimiter: async () => createLocalLimiter(clock),
      retry: { maxAttempts: 2, budgetMs: 90_000 },
      timeoutMs: 60_000,
      errorRules: [],
    });
    const response = await pipeline({
      operation: 'case.list',
      method: 'GET',
      url: `${server.url}/incidents`,
      headers: {},
      safety: 'repeatable',
      requestId: '1',
    });
    expect(response).to.include({ status: 200, attempts: 2, ambiguous: true });
    expect(response.body).to.deep.equal({ value: [1] });
    await closed;
    await server.close();
  });
});

function abortSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(reason));
  return controller.signal;
}
