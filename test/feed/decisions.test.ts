import { expect } from 'chai';
import { hasChangedTo } from '../../src/feed/changed-to.ts';
import { changeOf, columnChangeOf, isNewRow } from '../../src/feed/classify-change.ts';
import { addBaseline, compareColumns, hasOtherValues } from '../../src/feed/column-fingerprints.ts';
import { dueColumnOf, dueMsOf, dueQuery } from '../../src/feed/due.ts';
import type { ChangedEntry } from '../../src/feed/feed-log.ts';
import { isOwnChange } from '../../src/feed/is-own-change.ts';
import { isRejectedRequest } from '../../src/feed/is-rejected-request.ts';
import { startPollBudget } from '../../src/feed/poll-budget.ts';
import { lastChangeMs, readFacts, readPageFacts, selectFactColumns } from '../../src/feed/row-facts.ts';
import { unreadRow } from '../../src/feed/row-records.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';
import { FingerprintWriter } from '../../src/run/own-writes/written-fingerprints.ts';
import { caseTable } from './fixtures.ts';
import { requestError } from './simulated-org.ts';

const id = '00000000-0000-4000-8000-000000000001';
const columnsNamed = (...names: string[]) => caseTable.columns.filter(({ name }) => names.includes(name));

describe('feed: hasChangedTo', () => {
  const matches = (changedTo: JsonObject | undefined, row: JsonObject, ...names: string[]) =>
    hasChangedTo(changedTo, columnsNamed(...names), row);

  it('is true of every row if nothing or any value is wanted', () => {
    expect(matches(undefined, {}, 'priority')).to.equal(true);
    expect(matches({ priority: '*' }, {}, 'priority')).to.equal(true);
    expect(matches({ title: 'x' }, {}, 'priority')).to.equal(true);
  });

  it('compares choices by number or label, and texts as they are', () => {
    expect(matches({ priority: 1 }, { prioritycode: 1 }, 'priority')).to.equal(true);
    expect(matches({ priority: 1 }, { prioritycode: 2 }, 'priority')).to.equal(false);
    expect(matches({ priority: 'high' }, { prioritycode: 1 }, 'priority')).to.equal(true);
    expect(matches({ priority: 'high' }, { prioritycode: 2 }, 'priority')).to.equal(false);
    expect(matches({ priority: 'toString' }, { prioritycode: 1 }, 'priority')).to.equal(false);
    expect(matches({ title: 'Printer' }, { title: 'Printer' }, 'title')).to.equal(true);
    expect(matches({ title: 'Printer' }, { title: 'printer' }, 'title')).to.equal(false);
  });

  it('takes a missing value for an empty one', () => {
    expect(matches({ priority: null }, {}, 'priority')).to.equal(true);
    expect(matches({ priority: null }, { prioritycode: null }, 'priority')).to.equal(true);
    expect(matches({ priority: null }, { prioritycode: 1 }, 'priority')).to.equal(false);
  });

  it('compares lookups by id or display name, in any case', () => {
    const row = { _queueid_value: id, '_queueid_value@OData.Community.Display.V1.FormattedValue': 'Support' };
    for (const wanted of [id.toUpperCase(), 'SUPPORT'])
      expect(matches({ queue: wanted }, row, 'queue'), wanted).to.equal(true);
    expect(matches({ queue: 'Sales' }, row, 'queue')).to.equal(false);
    expect(matches({ queue: 'Sales' }, {}, 'queue')).to.equal(false);
  });

  it('needs all columns to match', () => {
    const row = { prioritycode: 1, title: 'Printer' };
    expect(matches({ priority: 1, title: 'Printer' }, row, 'priority', 'title')).to.equal(true);
    expect(matches({ priority: 2, title: 'Printer' }, row, 'priority', 'title')).to.equal(false);
  });
});

describe('feed: kinds of change', () => {
  const facts = (createdMs: number) => ({ id, version: 5n, createdMs, modifiedMs: createdMs, row: {} });
  const cursor = { readFromMs: 0, newSinceMs: 1_000 };
  const read = { ...unreadRow, version: 4n };

  it('a row is new if no version of it was read, and it was created since the feed looks for new rows', () => {
    expect(isNewRow(facts(1_000), cursor, undefined)).to.equal(true);
    expect(isNewRow(facts(1_000), cursor, unreadRow)).to.equal(true);
    expect(isNewRow(facts(999), cursor, undefined)).to.equal(false);
    expect(isNewRow(facts(1_000), cursor, read)).to.equal(false);
  });

  it('a new row is created, and updated too if it was changed before it was read', () => {
    const created = { isNew: true, createdMs: 1, modifiedMs: 1 };
    const changed = { isNew: true, createdMs: 1, modifiedMs: 2 };
    const known = { isNew: false, createdMs: 1, modifiedMs: 1 };
    expect(changeOf(created, ['created', 'updated'])).to.equal('created');
    expect(changeOf(created, ['updated'])).to.equal(undefined);
    expect(changeOf(changed, ['created', 'updated'])).to.equal('created');
    expect(changeOf(changed, ['updated'])).to.equal('updated');
    expect(changeOf(known, ['created'])).to.equal(undefined);
    expect(changeOf(known, ['created', 'updated'])).to.equal('updated');
  });

  it('a change counts if a watched column changed, or may have; of a new row, always', () => {
    const of = (changed: string[], uncertain: string[], isNew = false) =>
      columnChangeOf(
        { isNew, changedColumns: changed, uncertainColumns: uncertain } as unknown as ChangedEntry,
        ['title', 'prioritycode'],
      );
    expect(of(['title'], [])).to.equal('changed');
    expect(of([], ['title'])).to.equal('uncertain');
    expect(of(['other'], ['other'])).to.equal('same');
    expect(of([], [], true)).to.equal('changed');
    const any = { isNew: false, changedColumns: [], uncertainColumns: [] } as unknown as ChangedEntry;
    expect(columnChangeOf(any, [])).to.equal('changed');
  });
});

describe('feed: fingerprints of watched columns', () => {
  const row = { title: 'Printer', prioritycode: 1 };
  const columns = ['title', 'prioritycode'];
  const fingerprints = {
    title: fingerprintOf(row, 'title'),
    prioritycode: fingerprintOf(row, 'prioritycode'),
  };
  const record = { ...unreadRow, version: 1n, fingerprints };

  it('tell which columns have another value, and which had an unknown one', () => {
    const other = { title: 'Printer', prioritycode: 2 };
    const expected = { ...fingerprints, prioritycode: fingerprintOf(other, 'prioritycode') };
    expect(compareColumns({ row, columns }, undefined)).to.deep.equal({
      fingerprints,
      changed: [],
      uncertain: columns,
    });
    expect(compareColumns({ row: other, columns }, record)).to.deep.equal({
      fingerprints: expected,
      changed: ['prioritycode'],
      uncertain: [],
    });
    const uncertain = { ...record, uncertainColumns: ['prioritycode'] };
    expect(compareColumns({ row: other, columns }, uncertain)).to.deep.equal({
      fingerprints: expected,
      changed: [],
      uncertain: ['prioritycode'],
    });
  });

  it('tell whether a row has other values than those recorded', () => {
    expect(hasOtherValues(row, record)).to.equal(false);
    expect(hasOtherValues({ ...row, title: 'Scanner' }, record)).to.equal(true);
  });

  it('are added where the record has none, as uncertain if the row may have an unread version', () => {
    expect(addBaseline(record, { row, columns }, true), 'nothing is missing').to.equal(record);
    const half = { ...record, fingerprints: { title: 'earlier' } };
    const added = { title: 'earlier', prioritycode: fingerprints.prioritycode };
    expect(addBaseline(half, { row, columns }, false)).to.deep.equal({ ...half, fingerprints: added });
    expect(addBaseline(half, { row, columns }, true)).to.deep.equal({
      ...half,
      fingerprints: added,
      uncertainColumns: ['prioritycode'],
    });
    expect(addBaseline(undefined, { row, columns }, false)).to.deep.equal({ ...unreadRow, fingerprints });
  });
});

describe('feed: deadlines', () => {
  it('have a column, a time, and a query that includes both ends', () => {
    expect(dueColumnOf({ due: 'dueOn' }, caseTable)).to.equal('followupby');
    expect(dueColumnOf({}, caseTable)).to.equal(undefined);
    const at = Date.UTC(2026, 0, 1);
    expect(dueMsOf({ followupby: '2026-01-01T00:00:00Z' }, 'followupby')).to.equal(at);
    for (const value of [null, 'soon', 7])
      expect(dueMsOf({ followupby: value }, 'followupby')).to.equal(undefined);
    expect(dueQuery({ due: 'followupby', key: 'incidentid' }, at, at + 5_000)).to.deep.equal({
      filter: 'followupby ge 2026-01-01T00:00:00Z and followupby le 2026-01-01T00:00:05Z',
      orderBy: 'followupby asc,incidentid asc',
    });
  });
});

describe('feed: isOwnChange', () => {
  const userId = '00000000-0000-4000-8000-0000000000aa';
  const title = fingerprintOfTitle('Ours');
  const write = (version: bigint, isCreate = false, fingerprints = title) => ({
    version,
    isCreate,
    fingerprints,
  });
  const entry = (changed: Partial<ChangedEntry> = {}): ChangedEntry => ({
    kind: 'changed',
    id,
    version: '10',
    previousVersion: '5',
    createdMs: 0,
    modifiedMs: 0,
    isNew: false,
    changedColumns: ['title'],
    uncertainColumns: [],
    row: { title: 'Ours', prioritycode: 1 },
    atMs: 0,
    ...changed,
  });
  const isOwn = (changed: Partial<ChangedEntry>, ...writes: ReturnType<typeof write>[]) =>
    isOwnChange(entry(changed), { columns: ['title', 'prioritycode'], writes, userId });

  it('is true if the present version is ours, and the changed columns have our values', () => {
    expect(isOwn({}, write(10n))).to.equal(true);
    expect(isOwn({ row: { title: 'Theirs' } }, write(10n))).to.equal(false);
    expect(isOwn({ changedColumns: ['title', 'prioritycode'] }, write(10n))).to.equal(false);
    expect(isOwn({ changedColumns: [], uncertainColumns: ['prioritycode'] }, write(10n))).to.equal(false);
    expect(isOwn({ changedColumns: ['not compared'] }, write(10n))).to.equal(true);
  });

  it('is false without a write of ours since the version that was read before', () => {
    expect(isOwn({ modifiedBy: userId })).to.equal(false);
    expect(isOwn({ modifiedBy: userId }, write(5n))).to.equal(false);
    expect(isOwn({ modifiedBy: userId }, write(6n))).to.equal(true);
    expect(isOwn({ modifiedBy: userId }, write(11n)), 'a later write').to.equal(false);
    expect(isOwn({ previousVersion: undefined, modifiedBy: userId }, write(1n))).to.equal(true);
  });

  it('is false if another user changed the row after our write', () => {
    expect(isOwn({ modifiedBy: id }, write(6n))).to.equal(false);
    expect(isOwn({}, write(6n))).to.equal(false);
  });

  it('takes the value that we wrote last, and empty for what a create left out', () => {
    const earlier = write(6n, false, fingerprintOfTitle('Earlier'));
    expect(isOwn({ modifiedBy: userId }, write(7n), earlier)).to.equal(true);
    expect(isOwn({ modifiedBy: userId }, write(7n, false, ''), write(6n))).to.equal(true);
    const created = write(6n, true);
    const row = { title: 'Ours', prioritycode: null };
    const changedColumns = ['title', 'prioritycode'];
    expect(isOwn({ modifiedBy: userId, row, changedColumns }, created)).to.equal(true);
    expect(isOwn({ modifiedBy: userId, changedColumns }, created), 'set by another').to.equal(false);
  });

  it('is true of a row that we created, whatever Dataverse filled in', () => {
    const changedColumns = ['title', 'prioritycode'];
    expect(isOwn({ isNew: true, changedColumns }, write(10n, true))).to.equal(true);
    expect(isOwn({ isNew: true, changedColumns }, write(10n))).to.equal(false);
    expect(isOwn({ isNew: false, changedColumns }, write(10n, true))).to.equal(false);
    expect(isOwn({ isNew: true, changedColumns, modifiedBy: userId }, write(9n, true))).to.equal(false);
  });
});

describe('feed: isRejectedRequest', () => {
  it('is true of 4xx responses, except those about the user or the rate', () => {
    const rejected = [399, 400, 404, 499, 500, 401, 403, 429].filter((status) =>
      isRejectedRequest(requestError('0x0', 'no', status)),
    );
    expect(rejected).to.deep.equal([400, 404, 499]);
    expect(isRejectedRequest(new Error('no connection'))).to.equal(false);
    expect(isRejectedRequest(undefined)).to.equal(false);
  });
});

describe('feed: limits of a read', () => {
  const open = (limits: Parameters<typeof startPollBudget>[0]) => {
    const time = { now: 1_000 };
    return { time, budget: startPollBudget(limits, { now: () => time.now }) };
  };

  it('end it at the number of pages, of rows, or of milliseconds', () => {
    const { budget: pages } = open({ pages: 2 });
    pages.spend(0);
    expect(pages.isExhausted()).to.equal(false);
    pages.spend(0);
    expect(pages.isExhausted()).to.equal(true);
    const { budget: rows } = open({ rows: 10 });
    rows.spend(9);
    expect(rows.isExhausted()).to.equal(false);
    rows.spend(1);
    expect(rows.isExhausted()).to.equal(true);
    const { budget, time } = open({ ms: 500 });
    time.now = 1_499;
    expect(budget.isExhausted()).to.equal(false);
    time.now = 1_500;
    expect(budget.isExhausted()).to.equal(true);
  });

  it('are 50 pages of 1,000 rows, 10,000 rows and half a minute', () => {
    const { budget, time } = open({});
    expect(budget.pageSize).to.equal(1_000);
    for (let page = 1; page < 50; page += 1) budget.spend(100);
    time.now = 30_999;
    expect(budget.isExhausted()).to.equal(false);
    time.now = 31_000;
    expect(budget.isExhausted()).to.equal(true);
    time.now = 1_000;
    budget.spend(100);
    expect(budget.isExhausted()).to.equal(true);
    const { budget: rows } = open({});
    rows.spend(9_999);
    expect(rows.isExhausted()).to.equal(false);
    rows.spend(1);
    expect(rows.isExhausted()).to.equal(true);
  });

  it('ask for no larger page than the rows that may be read', () => {
    expect(open({ rows: 10 }).budget.pageSize).to.equal(10);
    expect(open({ rows: 10, pageSize: 5 }).budget.pageSize).to.equal(5);
  });
});

describe('feed: facts of a row', () => {
  it('are read with the columns of the table, the version only if the table has it', () => {
    const facts = ['incidentid', 'createdon', 'modifiedon', '_modifiedby_value'];
    expect(selectFactColumns(caseTable, ['title', 'createdon'])).to.deep.equal([...facts, 'title']);
    const version = { ...caseTable.columns[0]!, name: 'version', wireName: 'versionnumber' };
    const versioned = { ...caseTable, columns: [...caseTable.columns, version] };
    expect(selectFactColumns(versioned, [])).to.deep.equal([...facts, 'versionnumber']);
  });

  it('have a time of 0 for a column that is missing or invalid, and no user that is not an id', () => {
    const row = { incidentid: id.toUpperCase(), createdon: 'soon', _modifiedby_value: 'nobody' };
    expect(readFacts(row, 'incidentid')).to.deep.equal({
      id,
      version: 0n,
      createdMs: 0,
      modifiedMs: 0,
      modifiedBy: undefined,
      row,
    });
  });

  it('are those of the rows with a key; the others are dead letters', async () => {
    const dead: JsonObject[] = [];
    const rows: readonly JsonObject[] = [{ incidentid: id }, { incidentid: 'x' }, {}];
    const found = await readPageFacts(rows, 'incidentid', async (row) => void dead.push(row));
    expect([found.map((facts) => facts.id), dead]).to.deep.equal([[id], rows.slice(1)]);
  });

  it('have the later of both times as that of the last change', () => {
    const facts = { id, version: 0n, row: {} };
    expect(lastChangeMs({ ...facts, createdMs: 1, modifiedMs: 2 })).to.equal(2);
    expect(lastChangeMs({ ...facts, createdMs: 2, modifiedMs: 1 })).to.equal(2);
  });
});

function fingerprintOfTitle(title: string): string {
  const writer = new FingerprintWriter();
  writer.add('title', title);
  return writer.take();
}
