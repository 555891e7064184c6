import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';

const actor = { userId: '00000000-0000-0000-0000-00000000000a' };

describe('OrganizationStore: indexes', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'indexes-test-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The names of the indexes of a table, after work on a new organization. */
  function indexesAfter(work: (store: ReturnType<typeof openOrganizationStore>) => void): unknown[] {
    const file = join(mkdtempSync(join(folder, 'org-')), 'org.sqlite');
    const store = openOrganizationStore({ file });
    work(store);
    store.close();
    const database = new DatabaseSync(file);
    const sql = `SELECT "name" FROM sqlite_master WHERE "type" = 'index' AND "tbl_name" = 'subject' AND "sql" IS NOT NULL`;
    const names = database
      .prepare(sql)
      .all()
      .map(({ name }) => name);
    database.close();
    return names;
  }

  const add = (store: ReturnType<typeof openOrganizationStore>, count: number) =>
    store.transaction(() => {
      for (let row = 0; row < count; row++) store.insert('subject', { title: 'x' }, actor);
    });

  it('a table gets them with its 256th row', () => {
    expect(indexesAfter((store) => add(store, 255))).to.deep.equal([]);
    expect(indexesAfter((store) => add(store, 256))).to.include.members(['subject:$order', 'subject:title']);
  });

  it('a rolled back transaction takes them away, and a later row brings them back', () => {
    const work = (store: ReturnType<typeof openOrganizationStore>) => {
      add(store, 200);
      const refused = () =>
        store.transaction(() => {
          add(store, 100);
          throw new Error('refused');
        });
      expect(refused).to.throw('refused');
      add(store, 100);
    };
    expect(indexesAfter(work)).to.include('subject:$order');
  });

  it('a restored snapshot and a reset have them again', () => {
    const restore = (store: ReturnType<typeof openOrganizationStore>) => {
      add(store, 300);
      const id = store.saveSnapshot();
      store.recreate(() => add(store, 1));
      store.restoreSnapshot(id);
    };
    expect(indexesAfter(restore)).to.include('subject:$order');
    expect(indexesAfter((store) => store.recreate(() => add(store, 300)))).to.include('subject:$order');
  });
});
