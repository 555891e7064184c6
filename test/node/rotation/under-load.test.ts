import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { atScale } from '../../support/soak.ts';
import {
  openVaultOnDisk,
  type RotationOptions,
  type RotationReport,
  rowName,
  rowsPerProcess,
} from './rotation-process.ts';

const kills = atScale(3, 20);
const processNames = ['ada', 'grace'];

describe('vault.rotate under load', () => {
  let folder: string;
  const children = new Set<ChildProcess>();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rotation-'));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const paths = () => ({ data: join(folder, 'data'), keyFile: join(folder, 'keys/vault.key') });

  async function start(role: RotationOptions['role'], name: string): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'rotation-process.ts'));
    children.add(child.once('exit', () => children.delete(child)));
    child.send({ role, name, ...paths() } satisfies RotationOptions);
    await nextMessage(child);
    return child;
  }

  it(`loses no key and no row when two processes rotate, one is killed ${kills} times, and others read and write`, async () => {
    const readersAndWriters = await Promise.all(processNames.map((name) => start('readWrite', name)));
    const other = await start('rotate', 'permanent');
    for (let kill = 0; kill < kills; kill += 1) {
      const rotating = await start('rotate', 'killed');
      await setTimeout(Math.random() * 150);
      expect(rotating.exitCode, 'the process still runs').to.equal(null);
      rotating.kill('SIGKILL');
      await once(rotating, 'exit');
    }
    other.kill('SIGKILL');
    const reports = await Promise.all(
      readersAndWriters.map(async (child) => {
        child.send('stop');
        return (await nextMessage(child)) as RotationReport;
      }),
    );
    const { store, vault } = await openVaultOnDisk(paths());
    for (const [index, { written, issues }] of reports.entries()) {
      expect(issues).to.deep.equal([]);
      expect(Math.min(...written), 'every row was written').to.be.above(0);
      for (let row = 0; row < rowsPerProcess; row += 1) {
        const entry = await vault.read(rowName(processNames[index]!, row));
        expect(entry?.secret.reveal()).to.equal(String(written[row]));
      }
    }
    store.close();
    const keys = (await readFile(paths().keyFile, 'utf8')).trim().split('\n');
    expect(keys.length).to.be.above(kills);
    expect(new Set(keys).size).to.equal(keys.length);
    expect((await stat(paths().keyFile)).mode & 0o777).to.equal(0o600);
  });
});

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const exit = once(child, 'exit').then(() => {
    throw new Error('The process exited before it sent a message.');
  });
  const [message] = await Promise.race([once(child, 'message'), exit]);
  return message;
}
