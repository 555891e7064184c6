import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { openSqliteWorkerStore, workerProcessSettings } from 'dynamics365-connector-worker';
import { runCli, startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';

const config = `
connections: { contoso: { saved: contoso } }
subscriptions:
  lines: { connection: contoso, trigger: case.created, every: 1s, deliver: { stdout: true } }
  module: { connection: contoso, trigger: case.created, every: 1s, deliver: { handler: ./handler.mjs } }
`;
const handler = `
export default async (item, { subscription, attempt }) => {
  console.error('HANDLED ' + JSON.stringify({ subscription, attempt, title: item.row.title }));
};
`;

describe('d365: worker', () => {
  let sandbox: Sandbox;
  let folder: string;
  let child: ChildProcess | undefined;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    folder = await mkdtemp(join(tmpdir(), 'd365-worker-'));
    const { app, organization, authority } = sandbox;
    await writeFile(join(folder, 'worker.yaml'), config);
    await writeFile(join(folder, 'handler.mjs'), handler);
    const command = `connect contoso --app --org ${organization.origin} --client-id ${app.clientId}`;
    const credentials = `--tenant ${authority.tenantId} --authority ${authority.url} --secret-stdin`;
    const connected = await runProgram(`${command} ${credentials}`.split(' '), {
      folder,
      stdin: app.clientSecret!,
    });
    expect(connected.exitCode, connected.stderr).to.equal(0);
  });
  after(async () => {
    child?.kill('SIGKILL');
    await sandbox.close();
    await rm(folder, { recursive: true });
  });
  const d365 = (line: string) => runProgram(line.split(' '), { folder });
  const statusOf = async (id: string): Promise<JsonObject> =>
    JSON.parse((await d365(`worker status ${id} --json`)).stdout || '{}');
  const waitUntil = async (done: () => boolean | Promise<boolean>) => {
    while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 100));
  };

  it('run: delivers events, serves metrics, and stops on SIGTERM; status, pause and resume', async () => {
    const args = ['worker', '--config', join(folder, 'worker.yaml'), '--metrics', '0'];
    const running = await startCli(args, { folder });
    child = running;
    let stdout = '';
    let stderr = '';
    running.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    running.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const commandLine = `/proc/${running.pid}/cmdline`;
    const polled = async (id: string) => Number((await statusOf(id)).polls) >= 1;
    await waitUntil(async () => (await polled('lines')) && (await polled('module')));
    if (existsSync(commandLine))
      expect(readFileSync(commandLine, 'utf8').split('\0'), 'the same process').to.include.members([
        ...workerProcessSettings.flags,
      ]);
    const { organization, app } = sandbox;
    const client = { userId: organization.findSystemUserId(app)! };
    organization.store.insert('incident', { title: 'The kettle does not boil' }, client);
    await waitUntil(() => stdout.includes('\n') && stderr.includes('HANDLED'));
    expect(JSON.parse(stdout)).to.deep.include({
      subscription: 'lines',
      trigger: 'case.created',
      change: 'created',
    });
    expect(stderr).to.include(
      'HANDLED {"subscription":"module","attempt":1,"title":"The kettle does not boil"}',
    );

    const [, url] = /metrics: (\S+)/.exec(stderr)!;
    const metrics = await (await fetch(url!)).text();
    expect(metrics)
      .to.match(/d365_worker_polls_total\{outcome="committed"\} \d+/)
      .and.match(/# EOF\n$/);
    expect(metrics).to.include('d365_worker_deliveries_total{outcome="delivered"} 2');

    expect((await d365('worker pause lines')).stderr).to.include('lines: paused');
    expect(await statusOf('lines')).to.include({ state: 'paused', pausedBy: 'PAUSED' });
    expect((await d365('worker resume lines')).exitCode).to.equal(0);
    expect(await statusOf('lines')).to.include({ state: 'active' });
    const unknown = await d365('worker pause linez');
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.stderr).to.include('Did you mean lines?');

    running.kill('SIGTERM');
    expect((await once(running, 'exit'))[0]).to.equal(0);
    expect(stderr).to.include('"event":"worker.stopped"');
  });

  it('dead-letters: lists, shows, replays and forgets events', async () => {
    const file = join(folder, 'dead.sqlite');
    const store = openSqliteWorkerStore(file);
    await store.syncSubscriptions([{ id: 'lines', connection: 'contoso', trigger: 'case.created' }]);
    const [claim] = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    const events = ['r1', 'r2', 'r3'].map((rowId) => {
      const item = {
        id: `e-${rowId}`,
        change: 'created',
        epoch: 0,
        sequence: 1,
        at: '2026-01-15T09:00:00Z',
        row: { id: rowId },
      } as const;
      return { rowId, item };
    });
    await store.commitPolls({
      results: [{ claim: claim!, events, checkpoint: {}, dueInMs: 3_600_000 }],
      writes: new Map(),
    });
    const proved = new Map([['lines', 9]]);
    const limits = { maxDeliveries: 9, maxPerTarget: 9, inFlight: new Map(), proved };
    for (const delivery of await store.claimDeliveries(limits))
      await store.reject(delivery, { reason: 'The webhook answered 422.', retryInMs: 0, deadLetter: true });
    await store.close();

    const deadLetters = (command: string) => d365(`worker dead-letters ${command} --file ${file}`);
    const listed = (await deadLetters('list --json')).stdout.trim().split('\n');
    const [first, second] = listed.map((line) => JSON.parse(line).sequence);
    expect(listed).to.have.length(3);
    const shown = JSON.parse((await deadLetters(`show ${first}`)).stdout);
    expect(shown).to.deep.include({ reason: 'The webhook answered 422.', rowId: 'r1' });
    expect(shown.item.row).to.deep.equal({ id: 'r1' });
    const replayed = await deadLetters(`replay ${first} ${second} --reread`);
    expect(replayed.stderr).to.include('2 dead letters: delivered again by the worker');
    expect((await deadLetters('forget')).exitCode, 'without --all').to.equal(2);
    expect((await deadLetters('forget lines')).stderr).to.include('1 dead letter: deleted');
    expect((await deadLetters('replay linez')).stderr).to.include('Did you mean lines?');
    const status = await d365(`worker status --file ${file}`);
    expect(status.stderr).to.include('outbox: 2 events wait, 0 dead letters');
  });

  it('status: exits with 1 if a subscription needs attention', async () => {
    const file = join(folder, 'stalled.sqlite');
    const store = openSqliteWorkerStore(file, { clock: { now: () => Date.now() - 3_600_000 } });
    await store.syncSubscriptions([{ id: 'lines', connection: 'contoso', trigger: 'case.created' }]);
    await store.close();
    const { exitCode, stdout, stderr } = await d365(`worker status --file ${file}`);
    expect(exitCode).to.equal(1);
    expect(stdout).to.include('stalled');
    expect(stderr).to.include('lines: No poll for 60 min (interval: 60 s)');
    expect((await d365(`worker pause lines --file ${file}`)).exitCode).to.equal(0);
    expect((await d365(`worker status --file ${file}`)).exitCode, 'paused by a user').to.equal(0);
  });

  it('run: prints all diagnostics of an invalid worker.yaml and does not start', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, config.replace('case.created', 'case.creatd').replace('case.created', 'case.born'));
    const { exitCode, stderr } = await runCli(['worker', '--config', file], { folder });
    expect(exitCode).to.equal(8);
    expect(stderr).to.include('has 2 errors').and.include(`${file}:4:42  error  W102`);
  });
});
