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
import { readManifestFiles } from '../../src/node/manifest-files.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';
import { createNodeServices } from '../../src/node/services.ts';
import { createLocalLimiter } from '../support/limiter.ts';
import { dropped, startServer } from './loopback-server.ts';

describe('node: the clock', () => {
  it('wakes, also from a sleep of nothing', async () => {
    await Promise.all([systemClock.sleep(0), systemClock.sleep(1)]);
  });

  it('a sleep leaves no listener behind', async () => {
    const { signal } = new AbortController();
    await systemClock.sleep(1, signal);
    expect(getEventListeners(signal, 'abort')).to.have.length(0);
  });

  it('a sleep longer than Node’s longest timer does not end at once', async () => {
    const controller = new AbortController();
    const long = systemClock.sleep(2 ** 31, controller.signal).then(
      () => 'woke',
      () => 'slept on',
    );
    await systemClock.sleep(20);
    controller.abort();
    expect(await long).to.equal('slept on');
  });

  it('a sleep ends with the signal’s own reason', async () => {
    const reason = new Error('enough');
    const endings = [AbortSignal.abort(reason), abortSoon(reason)].map((signal) =>
      systemClock.sleep(2 ** 40, signal).catch((error: unknown) => error),
    );
    expect(await Promise.all(endings)).to.deep.equal([reason, reason]);
  });
});

describe('node: the log', () => {
  const event = { level: 'warn', event: 'http.attempt', fields: { status: 503, path: '/x' } } as const;

  it('writes one JSON object a line', () => {
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

  it('writes for people', () => {
    const lines: string[] = [];
    createLog({ format: 'pretty', level: 'info', write: (line) => lines.push(line) })(event);
    expect(lines[0]).to.match(/warn.* http\.attempt status=503 path=\/x\n$/);
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = createLog({ format: 'json', level: 'warn', write: (line) => lines.push(line) });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log({ ...event, level });
    expect(lines.map((line) => JSON.parse(line).level)).to.deep.equal(['warn', 'error']);
  });
});

describe('node: the manifest’s files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-manifest-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('a folder without connector.yaml is MANIFEST_UNREADABLE, and named', async () => {
    const error = await readManifestFiles(folder).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'MANIFEST_UNREADABLE');
    expect((error as Error).message).to.contain(join(folder, 'connector.yaml'));
  });

  it('reads what belongs to a manifest and nothing else', async () => {
    for (const name of ['actions', 'schemas/tables', 'src'])
      mkdirSync(join(folder, name), { recursive: true });
    const files = ['connector.yaml', 'actions/b.get.yaml', 'actions/a.get.yaml', 'schemas/tables/case.yaml'];
    for (const name of [...files, 'actions/notes.txt', 'src/x.yaml'])
      writeFileSync(join(folder, name), `# ${name}`);
    const read = await readManifestFiles(folder);
    expect([...read.keys()].sort()).to.deep.equal([...files].sort());
    expect(read.get('actions/a.get.yaml')).to.equal('# actions/a.get.yaml');
  });
});

describe('node: the world', () => {
  it('is complete, and takes what the host brings', async () => {
    const random = () => 0.25;
    const world = createNodeServices({ random });
    expect(world.random).to.equal(random);
    expect(world.uuid()).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    await world.store.set('a', 'b');
    expect((await world.store.get('a'))?.value).to.equal('b');
    world.log({ level: 'error', event: 'ignored', fields: {} });
  });

  it('carries a call over a real line: a body that stalls is timed out, dropped and asked for again', async () => {
    const server = await startServer();
    const stalled = Promise.withResolvers<void>();
    let gone: Promise<void> | undefined;
    server.handle = (_, response) => {
      gone = dropped(response);
      response.write('{"value":', () => stalled.resolve());
      server.handle = (_, again) =>
        void again.setHeader('content-type', 'application/json').end('{"value":[1]}');
    };
    // The first attempt's timer goes off once half the body has been sent, the second's never.
    const timers = [stalled.promise, new Promise<void>(() => {})];
    const clock: Clock = {
      now: () => 0,
      sleep: (ms) => (ms === 60_000 ? timers.shift()! : Promise.resolve()),
    };
    const send = createNodeFetchSender({});
    const exchange = createPipeline({
      services: { send, clock, random: () => 0, log: () => {} },
      origin: new URL(server.url).origin,
      basePath: '/api',
      tokens: { getToken: async () => ({ token: new Secret('t'), expiresAt: Infinity }) },
      findLimiter: async () => createLocalLimiter(clock),
      retry: { maxAttempts: 2, budgetMs: 90_000 },
      timeoutMs: 60_000,
      errorRules: [],
    });
    const answer = await exchange({
      operation: 'case.list',
      method: 'GET',
      url: `${server.url}/incidents`,
      headers: {},
      safety: 'repeatable',
      requestId: '1',
    });
    expect(answer).to.include({ status: 200, attempts: 2, ambiguous: true });
    expect(answer.body).to.deep.equal({ value: [1] });
    await gone;
    await server.close();
  });
});

function abortSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setImmediate(() => controller.abort(reason));
  return controller.signal;
}
