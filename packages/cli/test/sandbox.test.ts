import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli, startCli } from './run-cli.ts';

/** `d365 sandbox`, several at once. */
describe('d365 sandbox', function () {
  this.timeout(60_000);
  let folder: string;
  const stops: (() => Promise<unknown>)[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-'));
  });
  after(async () => {
    for (const stop of stops) await stop();
    await rm(folder, { recursive: true });
  });

  /** Starts one; answers what it says of itself. */
  const start = async (...args: string[]): Promise<{ orgUrl: string; connection: string }> => {
    const child = await startCli(['sandbox', '--empty', '--json', ...args], { folder });
    stops.push(async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'close');
    });
    const [line] = await once(child.stdout, 'data');
    return JSON.parse(String(line));
  };

  it('a second one gets a name of its own, and a file is open in one alone', async () => {
    const file = join(folder, 'org.sqlite');
    const first = await start('--file', file);
    const second = await start();
    expect([first.connection, second.connection]).to.deep.equal(['sandbox', 'sandbox-2']);
    const counted = await runCli(['run', 'account.count', '--connection', 'sandbox', '--json'], { folder });
    expect(counted.exitCode, counted.stderr).to.equal(0);
    const refused = await runCli(['sandbox', '--empty', '--file', file], { folder });
    expect(refused.exitCode).to.not.equal(0);
    expect(refused.stderr).to.include('SETTING_INVALID').and.to.include('Another sandbox has');
  });
});
