import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { openSqliteStore, type SqliteStore } from '../../src/node/sqlite-store.ts';
import { describeStore } from '../support/store-contract.ts';

describeStore('in memory', createMemoryStore);

describe('node: the state file', () => {
  const opened: SqliteStore[] = [];
  let folder: string;
  let files = 0;
  const open = (file = join(folder, `state-${files++}.sqlite`)) => {
    const store = openSqliteStore(file);
    opened.push(store);
    return store;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-store-'));
  });
  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  describeStore('in a file', () => open());

  it('is kept when the process ends', async () => {
    const file = join(folder, 'new', 'folder', 'kept.sqlite');
    await open(file).set('a', 'kept');
    opened.pop()!.close();
    expect((await open(file).get('a'))?.value).to.equal('kept');
  });

  it('is readable by its owner alone, with all that SQLite puts beside it', async () => {
    const home = join(folder, 'private');
    const file = join(home, 'state.sqlite');
    await open(file).set('a', 'secret');
    expect(statSync(home).mode & 0o777).to.equal(0o700);
    for (const name of readdirSync(home))
      expect(statSync(join(home, name)).mode & 0o777, name).to.equal(0o600);
    opened.pop()!.close();
    chmodSync(file, 0o644);
    open(file);
    expect(statSync(file).mode & 0o777, 'an older file is closed to others too').to.equal(0o600);
  });

  it('a file that is no state file is named in the error', () => {
    const file = join(folder, 'text.sqlite');
    writeFileSync(file, 'this is not a database, whatever its name says'.repeat(100));
    expect(() => openSqliteStore(file))
      .to.throw(file)
      .with.property('code', 'STORE_FAILED');
  });

  it('several processes count in it without losing a step', async () => {
    const file = join(folder, 'shared.sqlite');
    const script = fileURLToPath(new URL('./count-in-store.ts', import.meta.url));
    const children = Array.from({ length: 4 }, () => fork(script, [file, '50']));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).to.deep.equal([0, 0, 0, 0]);
    expect((await open(file).get('count'))?.value).to.equal('200');
  });
});
