import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqliteStore } from 'dynamics365-connector';
import { runProgram } from './run-program.ts';

const id = '8d1f0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

describe('d365: forget', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-forget-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('removes a row from every place, and says from which', async () => {
    const file = join(folder, 'node-red.sqlite');
    const store = openSqliteStore(file);
    await store.set(`feed/x/row/${id}`, '{"v":"1","t":1}');
    store.close();
    const args = ['forget', 'contact', id.toUpperCase(), '--state', file, '--json'];
    const { exitCode, stdout, stderr } = await runProgram(args, { folder });
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    const { places } = JSON.parse(stdout) as { places: { place: string; removed: number }[] };
    expect(places.map(({ place, removed }) => `${place}: ${removed}`)).to.deep.equal([
      'events of the worker: 0',
      'feeds of the worker: 0',
      'answers of the service: 0',
      'feeds of saved connections: 0',
      `${file}: 1`,
    ]);
    const again = openSqliteStore(file);
    expect(await again.keys('')).to.deep.equal([]);
    again.close();
  });

  it('refuses an id that is none before anything is opened', async () => {
    const { exitCode, stderr } = await runProgram(['forget', 'contact', 'Anna'], { folder });
    expect(exitCode).not.to.equal(0);
    expect(stderr).to.include('must be a GUID');
  });
});
