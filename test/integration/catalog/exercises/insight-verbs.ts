import { expect } from 'chai';
import type { EntityReference } from '../../../../packages/sandbox/src/store/types.ts';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise, VerbExercise } from './fixture.ts';

/** Reads about one row of a table: its timeline, managers, duplicates and changes. */
export const insightVerbs: Readonly<Record<string, VerbExercise>> = {
  'read-timeline': (fixture, { logicalName }, action) =>
    readTimeline(fixture, action, { table: logicalName, id: fixture.add(logicalName).id }),

  async 'list-managers'(fixture, { name, logicalName }, action) {
    const addUser = (manager?: string, isdisabled = false) =>
      fixture.add('user', {
        isdisabled,
        parentsystemuserid: manager === undefined ? null : { table: 'systemuser', id: manager },
      }).id;
    const top = addUser();
    const gone = addUser(top, true);
    const near = addUser(gone);
    const agent = addUser(near);
    const ids = async (id: string, input: JsonObject = {}) =>
      (await fixture.run<readonly JsonObject[]>(action, { id, ...input })).map((row) => row.id);
    const team = fixture.add('team', { administratorid: { table: 'systemuser', id: agent } }).id;
    if (name === 'team') {
      expect(await ids(team)).to.deep.equal([agent, near, top]);
      return;
    }
    const owned = (table: string, id: string) =>
      name === 'user' ? id : fixture.add(logicalName, { ownerid: { table, id } }).id;
    expect(await ids(owned('systemuser', agent))).to.deep.equal([near, top]);
    expect(await ids(owned('systemuser', agent), { includeDisabled: true })).to.deep.equal([near, gone, top]);
    expect(await ids(owned('systemuser', agent), { maxLevels: 1 })).to.deep.equal([near]);
    if (name !== 'user') expect(await ids(owned('team', team))).to.deep.equal([agent, near, top]);
    // The manager of the highest manager is the agent: the chain ends there.
    fixture.change('user', top, { parentsystemuserid: { table: 'systemuser', id: agent } });
    expect(await ids(owned('systemuser', agent))).to.deep.equal([near, top]);
  },

  async 'find-duplicates'(fixture, { logicalName }, action) {
    const column = logicalName === 'account' ? 'name' : 'lastname';
    publishRule(fixture, logicalName, column);
    const [text, other] = [fixture.text(), fixture.text()];
    const [one, two] = [
      fixture.add(logicalName, { [column]: text }),
      fixture.add(logicalName, { [column]: text }),
    ];
    fixture.add(logicalName, { [column]: other });
    const rows = await fixture.run<readonly JsonObject[]>(action, { id: one.id });
    expect(rows.map(({ id }) => id)).to.deep.equal([two.id]);
  },

  'list-changes': (fixture, table, action) => {
    const [column] = table.columns.filter(({ type, writable }) => type === 'string' && writable);
    const name = (logicalName: string) =>
      table.columns.find((each) => each.logicalName === logicalName)?.name ?? logicalName;
    return listChanges(fixture, { action, table: table.logicalName, column: column!.logicalName, name });
  },
};

/** The same for a row of any table. */
export const recordInsightVerbs: Readonly<Record<string, Exercise>> = {
  'record.read-timeline': (fixture) =>
    readTimeline(fixture, 'record.read-timeline', { table: 'incident', id: fixture.add('case').id }),

  async 'record.find-duplicates'(fixture) {
    publishRule(fixture, 'team', 'name', 'account');
    publishRule(fixture, 'team', 'name');
    const name = fixture.text();
    const [one, two] = [fixture.add('team', { name }), fixture.add('team', { name })];
    const account = fixture.add('account', { name });
    const find = async (input: JsonObject) => {
      const rows = await fixture.run<readonly JsonObject[]>('record.find-duplicates', {
        table: 'team',
        ...input,
      });
      return rows.map(({ id }) => id);
    };
    expect(await find({ id: one.id })).to.deep.equal([two.id]);
    expect(await find({ values: { name } })).to.have.members([one.id, two.id]);
    expect(await find({ values: { name }, among: 'account' })).to.deep.equal([account.id]);
    expect(await find({ values: { name: fixture.text() } })).to.deep.equal([]);
  },

  'record.list-changes': (fixture) =>
    listChanges(fixture, {
      action: 'record.list-changes',
      table: 'account',
      column: 'name',
      name: (logicalName) => logicalName,
      input: { table: 'account' },
    }),
};

/** Three kinds of rows are read in pages of two, also where several were created in the same second. */
async function readTimeline(fixture: CatalogFixture, action: string, row: EntityReference): Promise<void> {
  const { organization } = fixture.sandbox;
  const expected: string[] = [];
  const add = (table: string, values: Parameters<CatalogFixture['add']>[1]) =>
    expected.push(fixture.add(table, values).id);
  for (let round = 0; round < 3; round += 1) {
    add('task', { regardingobjectid: row, description: 'A long text' });
    add('email', { regardingobjectid: row });
    add('note', { objectid: row, notetext: 'Done' });
    add('post', { regardingobjectid: row.id, text: 'Hello', source: 2 });
    if (round === 1) organization.clockOffsetMs += 60_000;
  }
  fixture.add('task');
  const found: JsonObject[] = [];
  let before: Json | undefined;
  for (;;) {
    const input: JsonObject = { id: row.id, limit: 2, maxTextLength: 6, ...(before ? { before } : {}) };
    const page: JsonObject = await fixture.run(action, input);
    expect(page.notRead).to.deep.equal([]);
    const entries = page.entries as readonly JsonObject[];
    expect(entries.length).to.equal(2);
    found.push(...entries);
    before = page.next;
    if (before === null) break;
  }
  expect(found.map(({ id }) => id)).to.have.members(expected);
  expect(new Set(found.map(({ id }) => id)).size).to.equal(expected.length);
  const times = found.map(({ on }) => Date.parse(String(on)));
  expect(times).to.deep.equal(times.toSorted((one, other) => other - one));
  const newest = new Set(found.slice(0, 4).map(({ table }) => table));
  expect([...newest]).to.have.members(['task', 'email', 'note', 'post']);
  const task = found.find(({ table }) => table === 'task')!;
  expect(task).to.deep.include({ text: 'A long', textCut: true, state: 'open' });
  expect(task.createdBy).to.include({ table: 'user', id: fixture.me.id });
}

/** A published duplicate detection rule: equal values of one column. */
function publishRule({ add, text }: CatalogFixture, table: string, column: string, matching = table): void {
  const { id } = add('duplicaterule', {
    name: text(),
    uniquename: text(),
    baseentityname: table,
    matchingentityname: matching,
    statecode: 1,
    statuscode: 2,
  });
  add('duplicaterulecondition', {
    baseattributename: column,
    matchingattributename: column,
    operatorcode: 0,
    regardingobjectid: { table: 'duplicaterule', id },
  });
}

interface ChangedRow {
  readonly action: string;
  readonly table: string;
  /** The column that changes, and how the action names a column. */
  readonly column: string;
  readonly name: (logicalName: string) => string;
  readonly input?: JsonObject;
}

async function listChanges(
  fixture: CatalogFixture,
  { action, table, column, name, input = {} }: ChangedRow,
): Promise<void> {
  const { client, me, run } = fixture;
  const silent = fixture.add(table).id;
  const [before, after] = [fixture.text(), fixture.text()];
  const request = (method: string, path: string, body: JsonObject) =>
    client.run('request.send', { method, path, body });
  const { organizationId } = fixture.sandbox.organization;
  expect(await run(action, { ...input, id: silent })).to.deep.include({ entries: [] });
  await request('PATCH', `/organizations(${organizationId})`, { isauditenabled: true });
  await request('PUT', `/EntityDefinitions(LogicalName='${table}')`, { IsAuditEnabled: { Value: true } });
  const set = fixture.sandbox.organization.store.model.table(table)!.set;
  const { id } = fixture.add(table, { [column]: before });
  await request('PATCH', `/${set}(${id})`, { [column]: after });
  fixture.sandbox.organization.clockOffsetMs += 60_000;
  await request('PATCH', `/${set}(${id})`, { 'ownerid@odata.bind': `/teams(${fixture.add('team').id})` });
  const first = await run(action, { ...input, id, limit: 1 });
  const second = await run(action, { ...input, id, limit: 1, before: first.next! });
  const [assigned, updated] = [first, second].map(({ entries }) => (entries as readonly JsonObject[])[0]!);
  expect(updated).to.deep.include({ operation: 'update', action: 'Update' });
  expect(updated!.by).to.include({ table: 'user', id: me.id });
  expect(updated!.columns).to.deep.include({ column: name(column), from: before, to: after });
  const owner = (assigned!.columns as readonly JsonObject[]).find((each) => each.column === name('ownerid'))!;
  expect(owner.from).to.include({ id: me.id });
  expect(owner.to).to.include({ table: 'team' });
  await request('PATCH', `/organizations(${organizationId})`, { isauditenabled: false });
  expect(await run(action, { ...input, id: fixture.add(table).id })).to.include({ audited: false });
}
