import { expect } from 'chai';
import type { JsonObject } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';
import { column, options } from './fixture.ts';

/** Columns that an organization added to a standard table, in actions and triggers of that table. */
describe('customColumns', () => {
  let fixture: KnownIssueFixture;
  let customer: JsonObject;
  before(async () => {
    fixture = await openFixture();
    const { store } = fixture.organization;
    store.addColumn('incident', column('new_tier', 'Picklist', { options: options('Gold', 'Silver') }));
    store.addColumn('incident', column('new_code', 'String', { maxLength: 5 }));
    store.addColumn('account', column('new_code', 'String', { maxLength: 5 }));
    customer = { table: 'account', id: (await fixture.run('account.create', { name: 'A' })).id! };
  });
  after(() => fixture.close());

  const list = async (action: string, input: JsonObject) =>
    (await fixture.client.run(action, input)).output as readonly JsonObject[];

  it('are written by create, update and upsert, and returned with the row', async () => {
    const created = await fixture.run('case.create', {
      title: 'x',
      customer,
      customColumns: { new_tier: 'Gold', new_code: null },
    });
    expect(created.customColumns).to.deep.equal({ new_tier: 'Gold', new_code: null });
    const updated = await fixture.run('case.update', { id: created.id!, customColumns: { new_code: 'A1' } });
    expect(updated.customColumns).to.deep.equal({ new_code: 'A1' });
    const upserted = {
      id: created.id!,
      matchOn: ['id'],
      customColumns: { new_tier: { value: 100_000_001, label: 'Silver' } },
    };
    expect((await fixture.run('case.upsert', upserted)).customColumns).to.deep.equal({ new_tier: 'Silver' });
  });

  it('an image is written and read by its name', async () => {
    fixture.organization.store.addColumn('account', column('new_photo', 'File', { image: true }));
    const customColumns = { new_photo: 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=' };
    const created = await fixture.run('account.create', { name: 'A', customColumns });
    expect(created.customColumns).to.deep.equal(customColumns);
    const read = await fixture.run('account.get', { id: created.id!, customColumns: ['new_photo'] });
    expect(read.customColumns).to.deep.equal(customColumns);
  });

  it('are read by get and list on request, and what is read can be written', async () => {
    const { id } = await fixture.run('case.create', {
      title: 'y',
      customer,
      customColumns: { new_tier: 'Silver' },
    });
    const customColumns = ['new_tier', 'new_code'];
    const read = await fixture.run('case.get', { id: id!, customColumns });
    expect(read.customColumns).to.deep.equal({ new_tier: 'Silver', new_code: null });
    const [row] = await list('case.list', { search: 'y', customColumns });
    expect(row).to.deep.equal(read);
    expect(await fixture.run('case.get', { id: id! })).to.not.have.property('customColumns');
    const same = await fixture.run('case.update', { id: id!, customColumns: read.customColumns! });
    expect(same.customColumns).to.deep.equal(read.customColumns);
  });

  it('an unknown name, a wrong value and a column of the action are refused before sending', async () => {
    fixture.sent.length = 0;
    const wrong: readonly [JsonObject, string][] = [
      [
        { new_tire: 'Gold' },
        '/customColumns/new_tire is not a column of the table incident: did you mean "new_tier"?',
      ],
      [{ new_tier: 'Bronze' }, '/customColumns/new_tier must be one of: Gold, Silver'],
      [{ new_code: '123456' }, '/customColumns/new_code must have at most 5 characters'],
      [{ prioritycode: 1 }, '/customColumns/prioritycode is the column "priority" of the action'],
    ];
    for (const [customColumns, message] of wrong) {
      const error = await fixture.errorOf(
        fixture.run('case.create', { title: 'x', customer, customColumns }),
      );
      expect([error.code, error.message]).to.deep.equal(['INPUT_INVALID', message]);
    }
    const read = await fixture.errorOf(fixture.run('case.list', { customColumns: ['new_tire'] }));
    expect(read.message).to.match(/\/customColumns\/0 "new_tire" is not a column .* did you mean "new_tier"/);
    expect(fixture.sent.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('a column added a moment ago is known', async () => {
    fixture.organization.store.addColumn('incident', column('new_late', 'String', { maxLength: 10 }));
    const created = await fixture.run('case.create', {
      title: 'x',
      customer,
      customColumns: { new_late: 'now' },
    });
    expect(created.customColumns).to.deep.equal({ new_late: 'now' });
    fixture.organization.store.addColumn('account', column('new_later', 'String', { maxLength: 10 }));
    const rows = [{ name: 'B', customColumns: { new_later: 'now' } }];
    expect(await fixture.run('account.create-many', { rows })).to.deep.equal({ written: 1, failed: [] });
  });

  it('are written in bulk, and each wrong row is reported', async () => {
    const rows = Array.from(
      { length: 5 },
      (_, at): JsonObject => ({
        name: `Many ${at}`,
        customColumns: { new_code: at === 3 ? 'too long' : `M${at}` },
      }),
    );
    const { written, failed } = await fixture.run('account.create-many', { rows });
    expect(written).to.equal(4);
    expect(failed).to.deep.equal([
      {
        index: 3,
        code: 'INPUT_INVALID',
        message: '/3/customColumns/new_code must have at most 5 characters',
      },
    ]);
    const found = await list('account.list', { search: 'Many', customColumns: ['new_code'] });
    expect(found.map((row) => (row.customColumns as JsonObject).new_code).sort()).to.deep.equal([
      'M0',
      'M1',
      'M2',
      'M4',
    ]);
  });

  it('are in the rows of a trigger that asks for them', async () => {
    const params = { customColumns: ['new_tier'] };
    const { checkpoint } = await fixture.client.poll('case.created', params);
    await fixture.run('case.create', { title: 'new', customer, customColumns: { new_tier: 'Gold' } });
    const { items } = await fixture.client.poll('case.created', params, checkpoint);
    expect(items.map(({ row }) => [row.title, row.customColumns])).to.deep.equal([
      ['new', { new_tier: 'Gold' }],
    ]);
  });

  it('are written in a change set', async () => {
    const steps: readonly { name?: string; action: string; input: JsonObject }[] = [
      { name: 'first', action: 'account.create', input: { name: 'S', customColumns: { new_code: 'S1' } } },
      {
        action: 'case.create',
        input: { title: 's', customer: { from: 'first' }, customColumns: { new_tier: 'Gold' } },
      },
    ];
    const outputs = (await fixture.client.changeSet(steps)) as readonly JsonObject[];
    expect(outputs.map((row) => row.customColumns)).to.deep.equal([{ new_code: 'S1' }, { new_tier: 'Gold' }]);
  });

  it('explain refuses them, because it reads no metadata', () => {
    const input = { title: 'x', customer, customColumns: { new_tier: 'Gold' } };
    expect(() => fixture.client.explain('case.create', input)).to.throw('/customColumns needs the metadata');
  });
});

describe('columns', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
    await fixture.newCase();
  });
  after(() => fixture.close());

  it('of a list and a get are those of the result, and no others are read', async () => {
    const { output } = await fixture.client.run('case.list', { columns: ['title', 'customer'] });
    const [row] = output as readonly JsonObject[];
    expect(Object.keys(row!)).to.deep.equal(['id', 'title', 'customer']);
    expect(decodeURIComponent(fixture.sent.at(-1)!.url)).to.include(
      '$select=incidentid,title,_customerid_value',
    );
    expect(await fixture.run('case.get', { id: row!.id!, columns: ['number'] })).to.have.keys('id', 'number');
    for await (const one of fixture.client.list('case.list', { columns: ['state'] }))
      expect(one).to.have.keys('id', 'state');
    fixture.organization.store.addKey('account', 'new_number', ['accountnumber']);
    await fixture.run('account.create', { name: 'A', number: 'A-1' });
    const byKey = await fixture.run('account.get-by-key', { number: 'A-1', columns: ['name'] });
    expect(byKey).to.have.keys('id', 'name');
    const wrong = await fixture.errorOf(fixture.run('case.list', { columns: ['titel'] }));
    expect(wrong.code).to.equal('INPUT_INVALID');
  });
});
