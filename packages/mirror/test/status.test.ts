import { expect } from 'chai';
import { readMirrorStatus } from '../src/status.ts';
import { serializeState, type TableState } from '../src/table/table-state.ts';
import { layoutTables } from '../src/target/layout.ts';
import type { MirrorTarget } from '../src/target/target.ts';
import { openTestTarget } from './support/open-test-target.ts';

const link = { url: 'https://contoso.example/link', atMs: 1000 };
const following: TableState = {
  ...{ load: 1, phase: 'follow', loaded: 0, restores: 0, newestRead: 1n },
  cursor: { readFromMs: 0, newSinceMs: 0 },
  ...{ readAtMs: 2000, windowReadAtMs: 2000, checkedAtMs: 2000, walkedAtMs: 1000 },
  links: { safe: link, newest: link },
};

describe('the status of a mirrored table', () => {
  let target: MirrorTarget;
  beforeEach(async () => {
    target = await openTestTarget();
    await target.query(`CREATE TABLE ${target.dialect.tableName('account')} (_deleted_at TEXT)`);
  });
  afterEach(async () => await target.close());

  const readNotes = async (changes: Partial<TableState>) => {
    const table = target.dialect.tableName(layoutTables.table);
    const state = serializeState({ ...following, ...changes });
    await target.query(
      `INSERT INTO ${table} (table_name, key_column, state) VALUES ('account', 'accountid', $1)`,
      [state],
    );
    const [status] = await readMirrorStatus(target, { now: () => 5000 });
    expect(status).to.include({ readAgoMs: 3000, comparedAgoMs: 4000, rows: 0 });
    return status?.notes.join(' ');
  };

  it('has no note while changes and deletions are followed', async () => {
    expect(await readNotes({})).to.equal('');
  });

  it('says that deleted rows may still be there after the link to deletions has expired', async () => {
    expect(await readNotes({ links: undefined })).to.contain('link to deletions has expired');
  });

  it('says why deletions are only found by comparing keys, and nothing of a link that there never was', async () => {
    const notes = await readNotes({ links: undefined, untracked: 'change tracking is off for account' });
    expect(notes).to.contain('change tracking is off').and.not.contain('expired');
  });

  it('says that a table is incomplete while it is loaded or compared', async () => {
    expect(await readNotes({ phase: 'compare', links: undefined })).to.contain('Keys are being compared');
  });
});
