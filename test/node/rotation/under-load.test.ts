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
  rowsEach,
} from './rotation-process.ts';

const kills = atScale(3, 20);
const workers = ['ada', 'grace'];

describe('a rotation of the vault’s keys under load', function () {
  this.timeout(120_000);
  let folder: string;
  const children = new Set<ChildProcess>();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rotation-'));
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const places = () => ({ data: join(folder, 'data'), keyFile: join(folder, 'keys/vault.key') });

  async function start(role: RotationOptions['role'], name: string): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'rotation-process.ts'));
    children.add(child.once('exit', () => children.delete(child)));
    child.send({ role, name, ...places() } satisfies RotationOptions);
    await answerOf(child);
    return child;
  }

  it(`loses no key and no row when two processes rotate, one is killed ${kills} times, and others read and write`, async () => {
    const working = await Promise.all(workers.map((name) => start('work', name)));
    const other = await start('rotate', 'steady');
    for (let kill = 0; kill < kills; kill += 1) {
      const rotating = await start('rotate', 'mortal');
      await setTimeout(Math.random() * 150);
      expect(rotating.exitCode, 'it did not fail by itself').to.equal(null);
      rotating.kill('SIGKILL');
      await once(rotating, 'exit');
    }
    other.kill('SIGKILL');
    const reports = await Promise.all(
      working.map(async (child) => {
        child.send('stop');
        return (await answerOf(child)) as RotationReport;
      }),
    );
    const { store, vault } = await openVaultOnDisk(places());
    for (const [index, { written, faults }] of reports.entries()) {
      expect(faults).to.deep.equal([]);
      expect(Math.min(...written), 'there was load').to.be.above(0);
      for (let row = 0; row < rowsEach; row += 1) {
        const kept = await vault.read(rowName(workers[index]!, row));
        expect(kept?.secret.reveal()).to.equal(String(written[row]));
      }
    }
    store.close();
    const keys = (await readFile(places().keyFile, 'utf8')).trim().split('\n');
    expect(keys.length).to.be.above(kills);
    expect(new Set(keys).size).to.equal(keys.length);
    expect((await stat(places().keyFile)).mode & 0o777).to.equal(0o600);
  });
});

async function answerOf(child: ChildProcess): Promise<unknown> {
  const died = once(child, 'exit').then(() => {
    throw new Error('It died before it answered.');
  });
  const [answer] = await Promise.race([once(child, 'message'), died]);
  return answer;
}
