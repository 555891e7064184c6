import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runCli, startCli } from './run-cli.ts';

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

describe('d365: worker', function () {
  this.timeout(120_000);
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
    const connected = await runCli(`${command} ${credentials}`.split(' '), {
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
  const d365 = (line: string) => runCli(line.split(' '), { folder });
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
    const polled = async (id: string) => Number((await statusOf(id)).polls) >= 1;
    await waitUntil(async () => (await polled('lines')) && (await polled('module')));
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

  it('run: prints all diagnostics of an invalid worker.yaml and does not start', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, config.replace('case.created', 'case.creatd').replace('case.created', 'case.born'));
    const { exitCode, stderr } = await d365(`worker --config ${file}`);
    expect(exitCode).to.equal(8);
    expect(stderr).to.include('has 2 errors').and.include(`${file}:4:42  error  W102`);
  });
});
