import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { atScale } from '../../../../test/support/soak.ts';
import { Database } from '../../src/store/database.ts';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import { replaceContent } from '../../src/store/snapshots.ts';
import type { OrganizationStore } from '../../src/store/types.ts';

const actor = { userId: '00000000-0000-0000-0000-00000000000a' };
const namesOf = (store: OrganizationStore): unknown[] =>
  store.query('account', { actor, select: ['name'] }).rows.map(({ values }) => values.name);

describe('OrganizationStore: snapshots', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'snapshots-test-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const kind of ['in memory', 'in a file'] as const) {
    describe(kind, () => {
      let store: OrganizationStore;
      let file: string | undefined;
      beforeEach(() => {
        file = kind === 'in memory' ? undefined : join(mkdtempSync(join(folder, 'org-')), 'org.sqlite');
        store = openOrganizationStore({ file, now: () => 1_700_000_000_000 });
        store.insert('account', { name: 'Before' }, actor);
      });
      afterEach(() => store.close());

      it('restoreSnapshot brings back rows, deleted rows and values outside of rows', () => {
        const [row] = store.query('account', { actor }).rows;
        store.blobs.put('setting', 'a', { text: 'before' });
        const id = store.saveSnapshot();
        store.delete('account', row?.id ?? '');
        store.insert('account', { name: 'After' }, actor);
        store.blobs.put('setting', 'a', { text: 'after' });
        store.restoreSnapshot(id);
        expect(store.query('account', { actor }).rows).to.deep.equal([row]);
        expect(store.blobs.get('setting', 'a')?.text).to.equal('before');
        expect(namesOf(store)).to.deep.equal(['Before']);
      });

      it('restoreSnapshot rolls row versions back, so that new changes get old versions', () => {
        const id = store.saveSnapshot();
        const version = store.currentVersion();
        const lost = store.insert('account', { name: 'Lost' }, actor);
        store.insert('account', { name: 'Lost too' }, actor);
        const seen = store.currentVersion();
        store.restoreSnapshot(id);
        expect(store.currentVersion()).to.equal(version);
        const next = store.insert('account', { name: 'New' }, actor);
        expect(next.version).to.equal(lost.version);
        expect(store.changesSince('account', { since: seen }).entries).to.deep.equal([]);
      });

      it('restoreSnapshot brings back the tables, columns and keys of the snapshot', () => {
        store.addTable({ logicalName: 'new_parcel', set: 'new_parcels' });
        store.addColumn('account', {
          ...store.model.attribute(store.model.table('account')!, 'name')!,
          logicalName: 'new_code',
        });
        const id = store.saveSnapshot();
        store.addTable({ logicalName: 'new_other' });
        store.insert('account', { name: 'After', new_code: 'x' }, actor);
        store.restoreSnapshot(id);
        expect(store.model.table('new_other')).to.equal(undefined);
        store.insert('new_parcel', { new_name: 'A parcel' }, actor);
        store.insert('account', { name: 'New', new_code: 'y' }, actor);
        store.addTable({ logicalName: 'new_other' });
        expect(namesOf(store)).to.have.members(['Before', 'New']);
      });

      it('restoreSnapshot can be repeated and drops writes that are not visible yet', () => {
        const first = store.saveSnapshot();
        store.insert('account', { name: 'Second' }, actor);
        const second = store.saveSnapshot();
        store.commitLater(1, () => store.insert('account', { name: 'Late' }, actor));
        for (const [id, names] of [
          [second, ['Before', 'Second']],
          [first, ['Before']],
          [second, ['Before', 'Second']],
        ] as const) {
          store.restoreSnapshot(id);
          expect(namesOf(store)).to.deep.equal(names);
        }
      });

      it('restoreSnapshot names the known snapshots when there is none with the id', () => {
        store.saveSnapshot();
        expect(() => store.restoreSnapshot('other'))
          .to.throw('no snapshot "other". Its snapshots: snapshot-1.')
          .with.property('code', 'SETTING_INVALID');
      });

      it('recreate replaces everything, or nothing when it fails', () => {
        store.addTable({ logicalName: 'new_parcel' });
        const fail = () => {
          store.insert('account', { name: 'Half' }, actor);
          throw new Error('a failure');
        };
        expect(() => store.recreate(fail)).to.throw('a failure');
        expect(namesOf(store)).to.deep.equal(['Before']);
        store.insert('new_parcel', { new_name: 'A parcel' }, actor);
        store.recreate(() => void store.insert('account', { name: 'New' }, actor));
        expect(namesOf(store)).to.deep.equal(['New']);
        expect(store.model.table('new_parcel')).to.equal(undefined);
      });

      it('a restored organization is the one that a reopened file holds', () => {
        if (file === undefined) return;
        const id = store.saveSnapshot();
        store.insert('account', { name: 'After' }, actor);
        store.restoreSnapshot(id);
        store.close();
        store = openOrganizationStore({ file });
        expect(namesOf(store)).to.deep.equal(['Before']);
      });
    });
  }

  it('a restore that fails half way leaves the content as it was', () => {
    const file = join(folder, 'broken.sqlite');
    const broken = new DatabaseSync(file);
    broken.exec(`CREATE TABLE "a" ("x" TEXT); INSERT INTO "a" VALUES ('copied');
      CREATE TABLE "b" ("x" INTEGER CHECK ("x" > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO "b" VALUES (-1);`);
    broken.close();
    const database = new Database(':memory:');
    database.executeSchema('CREATE TABLE "old" ("x" TEXT)');
    database.run(`INSERT INTO "old" VALUES ('kept')`);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => replaceContent(database, { file, load: () => {} })).to.throw('CHECK constraint failed');
      expect(database.all('SELECT "name" FROM sqlite_master')).to.deep.equal([{ name: 'old' }]);
      expect(database.get('SELECT "x" FROM "old"')).to.deep.equal({ x: 'kept' });
    }
    database.close();
  });

  it('kill -9 during restores leaves one of the two states, whole', async () => {
    for (let round = 0; round < atScale(3, 20); round++) {
      const file = join(folder, `killed-${round}.sqlite`);
      const program = fileURLToPath(new URL('./restore-process.ts', import.meta.url));
      const child = spawn(process.execPath, ['--conditions=development', program, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TMPDIR: folder },
      });
      await once(child.stdout, 'data');
      await setTimeout(round * 37);
      child.kill('SIGKILL');
      await once(child, 'close');
      const store = openOrganizationStore({ file });
      const names = new Set(namesOf(store));
      expect([...names], `round ${round}`).to.have.lengthOf(1);
      expect(store.count('account')).to.equal(names.has('small') ? 1 : 20);
      expect(store.model.table('new_parcel') === undefined).to.equal(names.has('small'));
      store.close();
    }
  });
});
