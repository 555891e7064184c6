import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { openSqliteStore, type SqliteStore } from '../../src/node/sqlite-store.ts';
import { describeStore } from '../support/store-contract.ts';

describeStore('in memory', createMemoryStore);

describe('openSqliteStore', () => {
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

  it('keeps its values after it was closed', async () => {
    const file = join(folder, 'new', 'folder', 'kept.sqlite');
    await open(file).set('a', 'stored');
    opened.pop()!.close();
    expect((await open(file).get('a'))?.value).to.equal('stored');
  });

  it('creates the file, its folder and all files of SQLite readable only by their owner', async () => {
    const privateFolder = join(folder, 'private');
    const file = join(privateFolder, 'state.sqlite');
    await open(file).set('a', 'secret');
    expect(statSync(privateFolder).mode & 0o777).to.equal(0o700);
    for (const name of readdirSync(privateFolder))
      expect(statSync(join(privateFolder, name)).mode & 0o777, name).to.equal(0o600);
    opened.pop()!.close();
    chmodSync(file, 0o644);
    open(file);
    expect(statSync(file).mode & 0o777, 'the mode of an existing file').to.equal(0o600);
  });

  it('leaves nothing of deleted and replaced values in its files, also while another process has them open', async () => {
    const file = join(folder, 'forgotten.sqlite');
    const [first, second] = [open(file), open(file)];
    for (const [at, size] of [20, 5000, 100_000].entries()) {
      await first.set(`deleted-${at}`, 'Anna Kettle '.repeat(size));
      await first.set(`replaced-${at}`, 'Anna Kettle '.repeat(size));
      await first.set(`kept-${at}`, 'Contoso');
    }
    for (const at of [0, 1, 2]) {
      await second.delete(`deleted-${at}`);
      await second.set(`replaced-${at}`, 'x');
    }
    opened.pop()!.close();
    const files = readdirSync(folder).filter((name) => name.startsWith('forgotten.sqlite'));
    expect(files).to.include('forgotten.sqlite-wal');
    const texts = files.map((name) => readFileSync(join(folder, name), 'latin1')).join();
    expect(texts).to.include('Contoso');
    expect(texts.match(/Anna|Kettle/)).to.equal(null);
  });

  it('throws STORE_FAILED with the path for a file in another format', () => {
    const file = join(folder, 'text.sqlite');
    writeFileSync(file, 'this is not a database'.repeat(100));
    expect(() => openSqliteStore(file))
      .to.throw(file)
      .with.property('code', 'STORE_FAILED');
  });

  it('says what to do about a file in another format, and about one that is damaged', () => {
    const adviceOf = (open: () => unknown) => {
      try {
        open();
      } catch (error) {
        return (error as ConnectorError).advice;
      }
      return undefined;
    };
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'this is not a database'.repeat(100));
    expect(adviceOf(() => openSqliteStore(other))).to.include('not a SQLite file');
    const damaged = join(folder, 'damaged.sqlite');
    openSqliteStore(damaged).close();
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.fill(0xff, 100, 4096));
    expect(adviceOf(() => openSqliteStore(damaged))).to.include('restore it from a backup');
  });

  it('loses no increment of four processes', async () => {
    const file = join(folder, 'shared.sqlite');
    const script = fileURLToPath(new URL('./count-in-store.ts', import.meta.url));
    const children = Array.from({ length: 4 }, () => fork(script, [file, '50']));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).to.deep.equal([0, 0, 0, 0]);
    expect((await open(file).get('count'))?.value).to.equal('200');
  });
});
