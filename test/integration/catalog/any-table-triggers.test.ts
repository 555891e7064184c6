import { expect } from 'chai';
import type { Checkpoint, ConnectorError, JsonObject, PollItem } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Triggers of any table, on a custom table without change tracking, and on one that has it. */
describe('record.* triggers', () => {
  let fixture: SandboxClient;
  let actor: { userId: string };

  before(async () => {
    fixture = await openSandboxClient();
    actor = { userId: (await fixture.client.check()).userId };
    const { store } = fixture.sandbox.organization;
    const size = {
      logicalName: 'new_size',
      schemaName: 'new_Size',
      displayName: 'Size',
      type: 'Integer',
    } as const;
    const attribute = { ...size, required: 'None', validForCreate: true, validForUpdate: true } as const;
    store.addTable({ logicalName: 'new_parcel', attributes: [attribute], changeTracking: true });
    store.addTable({ logicalName: 'new_letter', attributes: [attribute] });
  });
  after(() => fixture.close());

  const store = () => fixture.sandbox.organization.store;
  const add = (table: string, values: Readonly<Record<string, string | number>>) =>
    store().insert(table, values, actor).id;
  const change = (table: string, id: string, values: Readonly<Record<string, string | number>>) =>
    store().update({ table, id, values, actor });

  /** Polls a trigger until there is nothing more. */
  async function poll(trigger: string, params: JsonObject, from?: Checkpoint) {
    const items: PollItem[] = [];
    for (let checkpoint = from; ; ) {
      const result = await fixture.client.poll(trigger, params, checkpoint);
      items.push(...result.items);
      if (!result.hasMore) return { items, checkpoint: result.checkpoint };
      checkpoint = result.checkpoint;
    }
  }
  const errorOf = (trigger: string, params: JsonObject): Promise<ConnectorError> =>
    poll(trigger, params).then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );

  it('return the row of a custom table as record.get does', async () => {
    const params = { table: 'new_parcel' };
    const { checkpoint } = await poll('record.created', params);
    const id = add('new_parcel', { new_name: 'First', new_size: 3 });
    const { items } = await poll('record.created', params, checkpoint);
    const { output } = await fixture.client.run('record.get', { table: 'new_parcel', id });
    expect(items.map(({ change: kind, row }) => ({ kind, row }))).to.deep.equal([
      { kind: 'created', row: output },
    ]);
  });

  it('find the table by any of its names', async () => {
    const { checkpoint } = await poll('record.created', { table: 'case' });
    const account = add('account', { name: 'Contoso' });
    const values = { title: 'Broken', customerid: { table: 'account', id: account } };
    const { id } = store().insert('incident', values, actor);
    const { items } = await poll('record.created', { table: 'case' }, checkpoint);
    expect(items.map(({ row }) => row.incidentid)).to.deep.equal([id]);
  });

  it('record.updated: reports changes of the watched columns only, with those of older rows', async () => {
    const id = add('new_parcel', { new_name: 'Older', new_size: 1 });
    fixture.sandbox.organization.clockOffsetMs += 900_000;
    const params = { table: 'new_parcel', columns: ['new_size'] };
    const start = await poll('record.updated', params);
    change('new_parcel', id, { new_name: 'Renamed' });
    const quiet = await poll('record.updated', params, start.checkpoint);
    expect(quiet.items).to.deep.equal([]);
    change('new_parcel', id, { new_size: 2 });
    const { items } = await poll('record.updated', params, quiet.checkpoint);
    expect(items.map(({ change: kind, row }) => [kind, row.new_size])).to.deep.equal([['updated', 2]]);
    expect(items[0]).not.to.have.property('uncertain');
  });

  it('record.created and record.updated side by side lose no edit of a new row', async () => {
    const params = { table: 'new_letter' };
    const [created, updated] = await Promise.all([
      poll('record.created', params),
      poll('record.updated', params),
    ]);
    const id = add('new_letter', { new_size: 1 });
    expect((await poll('record.created', params, created.checkpoint)).items).to.have.length(1);
    change('new_letter', id, { new_size: 2 });
    const { items } = await poll('record.updated', params, updated.checkpoint);
    expect(items.map(({ row }) => row.new_size)).to.deep.equal([2]);
  });

  it('record.changed: reports the chosen kinds of changes, filtered on any column', async () => {
    const params = {
      table: 'new_parcel',
      changes: ['created', 'updated', 'deleted'],
      filter: "startswith(new_name,'W')",
    };
    const { checkpoint } = await poll('record.changed', params);
    const [kept, gone] = [add('new_parcel', { new_name: 'Wood' }), add('new_parcel', { new_name: 'Wool' })];
    add('new_parcel', { new_name: 'Iron' });
    const before = await poll('record.changed', params, checkpoint);
    expect(before.items.map(({ row }) => row.id)).to.have.members([kept, gone]);
    change('new_parcel', kept, { new_size: 9 });
    store().delete('new_parcel', gone);
    const { items } = await poll('record.changed', params, before.checkpoint);
    expect(items.map(({ change: kind, row }) => [kind, row.id])).to.have.deep.members([
      ['updated', kept],
      ['deleted', gone],
    ]);
  });

  it('record.changed: reports a row that no longer matches the filter, if left is chosen', async () => {
    const params = { table: 'new_letter', changes: ['updated', 'left'], filter: 'new_size gt 5' };
    const [known, unknown] = [add('new_letter', { new_size: 1 }), add('new_letter', { new_size: 6 })];
    const { checkpoint } = await poll('record.changed', params);
    change('new_letter', known, { new_size: 7 });
    const before = await poll('record.changed', params, checkpoint);
    expect(before.items.map(({ row }) => row.id)).to.deep.equal([known]);
    change('new_letter', known, { new_size: 3 });
    change('new_letter', unknown, { new_size: 3 });
    const { items } = await poll('record.changed', params, before.checkpoint);
    expect(items.map(({ change: kind, row }) => [kind, row.id, row.new_size])).to.deep.equal([
      ['left', known, 3],
    ]);
  });

  it('record.changed: refuses left without a filter, without a change that reports, and with a wrong filter', async () => {
    const table = 'new_letter';
    for (const [params, code, message] of [
      [{ table, changes: ['updated', 'left'] }, 'INPUT_INVALID', /^\/changes has left, which needs a filter/],
      [
        { table, changes: ['left', 'deleted'], filter: 'new_size gt 5' },
        'INPUT_INVALID',
        /needs created or updated/,
      ],
      [{ table, changes: ['updated', 'left'], filter: 'new_size >' }, 'QUERY_INVALID', /filter/],
    ] as const) {
      const error = await errorOf('record.changed', params);
      expect(error.code).to.equal(code);
      expect(error.message).to.match(message);
    }
  });

  it('record.changed: needs no change tracking unless deletions are chosen', async () => {
    expect((await poll('record.changed', { table: 'new_letter' })).items).to.deep.equal([]);
    const { message, advice } = await errorOf('record.deleted', { table: 'new_letter' });
    expect(`${message} ${advice}`).to.match(/change tracking/i);
  });

  it('refuse a table or column that the organization does not have, with the nearest names', async () => {
    const table = await errorOf('record.created', { table: 'new_parcle' });
    expect(table).to.include({ code: 'INPUT_INVALID' });
    expect(table.details.suggestions).to.include('new_parcel');
    const column = await errorOf('record.updated', {
      table: 'new_parcel',
      columns: ['new_name', 'new_sise'],
    });
    expect(column).to.include({ code: 'INPUT_INVALID' });
    expect(column.details.issues).to.deep.equal([
      {
        path: '/columns/1',
        message:
          '"new_sise" is not a column of the table new_parcel that can be watched: did you mean "new_size"?',
        keyword: 'column',
      },
    ]);
  });

  it('refuse a filter that the table does not support, before anything is polled', async () => {
    const error = await errorOf('record.created', { table: 'new_parcel', filter: 'new_sise eq 1' });
    expect(error).to.include({ code: 'QUERY_INVALID' });
    expect(error.details.diagnostics?.[0]?.location.file).to.equal('filter');
  });

  it('refuse a table whose rows have no times', async () => {
    const error = await errorOf('record.created', { table: 'activityparty' });
    expect(error).to.include({ code: 'INPUT_INVALID' });
    expect(error.message).to.contain('has no column createdon');
  });

  it('have samples', async () => {
    const [item] = await fixture.client.sample('record.created', 1, { table: 'new_parcel' });
    expect(item?.row).to.have.property('new_name');
  });
});
