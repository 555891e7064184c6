import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, startCli } from './run-cli.ts';
import { runProgram } from './run-program.ts';

interface StartedSandbox {
  readonly orgUrl: string;
  readonly connection: string;
  readonly clientId: string;
  readonly child: ChildProcess;
}

describe('d365: sandbox', () => {
  let folder: string;
  const stops: (() => Promise<unknown>)[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
  });
  after(async () => {
    for (const stop of stops) await stop();
    await rm(folder, { recursive: true });
  });

  /** Starts a sandbox and returns the connection details that it prints. */
  const start = async (...args: string[]): Promise<StartedSandbox> => {
    const child = await startCli(['sandbox', '--empty', '--json', ...args], { folder });
    stops.push(async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    });
    const [line] = await once(child.stdout, 'data');
    return { ...JSON.parse(String(line)), child };
  };

  it('saves a second sandbox under another name, and rejects a file that is in use', async () => {
    const file = join(folder, 'org.sqlite');
    const first = await start('--file', file);
    const second = await start();
    expect([first.connection, second.connection]).to.deep.equal(['sandbox', 'sandbox-2']);
    const counted = await runProgram(['run', 'account.count', '--connection', 'sandbox', '--json'], {
      folder,
    });
    expect(counted.exitCode, counted.stderr).to.equal(0);
    const rejected = await runCli(['sandbox', '--empty', '--file', file], { folder });
    expect(rejected.exitCode).to.not.equal(0);
    expect(rejected.stderr).to.include('SETTING_INVALID').and.to.include('is open in another process');
  });

  it('sandbox --file: other programs control it over HTTP, and kill -9 loses nothing that was restored', async () => {
    const args = ['--file', join(folder, 'controlled.sqlite')];
    const control = async (origin: string, path: string, body = {}) => {
      const response = await fetch(`${origin}/__sandbox/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      const text = await response.text();
      expect(response.status, text).to.be.oneOf([200, 204]);
      return text === '' ? undefined : JSON.parse(text);
    };
    const first = await start(...args);
    const account = (name: string) => ({ rows: { accounts: [{ name }] } });
    await control(first.orgUrl, 'seed', account('Before'));
    const { id } = await control(first.orgUrl, 'snapshots');
    await control(first.orgUrl, 'seed', account('After'));
    await control(first.orgUrl, `snapshots/${id}/restore`);
    await control(first.orgUrl, 'seed', account('New'));
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    const second = await start(...args);
    const { stdout } = await runProgram(
      ['list', 'account.list', '--connection', second.connection, '--json'],
      {
        folder,
      },
    );
    expect(['Before', 'After', 'New'].filter((name) => stdout.includes(`"${name}"`))).to.deep.equal([
      'Before',
      'New',
    ]);
  });

  it('demo --json: prints one JSON line for each step', async () => {
    const { exitCode, stdout, stderr } = await runCli(['demo', '--json'], { folder });
    expect(exitCode, stderr).to.equal(0);
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly step: string; readonly lines: readonly string[] });
    expect(steps.map(({ step }) => step)).to.deep.equal([
      'Load',
      'Start',
      'Sign in',
      'Watch',
      'Create',
      'List',
      'Update',
      'Resolve',
      'Poll',
      'Errors',
    ]);
    for (const { step, lines } of steps) expect(lines, step).not.to.deep.equal([]);
  });

  it('rejects --manifest for commands that read no manifest', async () => {
    for (const command of [['connections'], ['disconnect', 'none'], ['rotate-keys']]) {
      const { exitCode, stderr } = await runProgram([...command, '--manifest', folder], { folder });
      expect([exitCode, stderr.includes("unknown option '--manifest'")], stderr).to.deep.equal([2, true]);
    }
  });

  it('sandbox --seed: starts with the secrets of the seed', async () => {
    const seeded = await start('--seed', '7');
    const again = await start('--seed', '7');
    const other = await start('--seed', '8');
    expect(again.clientId).to.equal(seeded.clientId);
    expect(other.clientId).to.not.equal(seeded.clientId);
  });

  for (const seed of ['-1', '1.5', 'x', '4294967296']) {
    it(`rejects --seed ${seed}`, async () => {
      const { exitCode, stderr } = await runProgram(['sandbox', `--seed=${seed}`], { folder });
      expect(exitCode).to.equal(8);
      expect(stderr).to.contain(`--seed must be a whole number from 0 to 4294967295, not "${seed}".`);
    });
  }

  for (const port of ['0', '80a', '65534']) {
    it(`rejects --port ${port}`, async () => {
      const { exitCode, stderr } = await runProgram(['sandbox', '--port', port], { folder });
      expect(exitCode).to.equal(8);
      expect(stderr).to.contain(`--port must be a port from 1 to 65533, not "${port}".`);
    });
  }
});
