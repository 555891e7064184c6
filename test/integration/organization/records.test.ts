import { expect } from 'chai';
import type { Client, Json, JsonObject } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';
import { addTable, column, options, replaceBody } from './fixture.ts';

/** Rows of any table: what the organization takes is taken, and what is read can be written. */
describe('record.* with the columns of the organization', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
  });
  after(() => fixture.close());

  const lastBody = () => String(fixture.sent.findLast(({ method }) => method !== 'GET')?.body);

  it('an empty list empties a column of several choices', async () => {
    addTable(
      fixture,
      'new_shop0',
      column('new_areas', 'MultiSelectPicklist', { options: options('North', 'South') }),
    );
    const values = { new_name: 'A', new_areas: ['North', 'South'] };
    const row = await fixture.run('record.create', { table: 'new_shop0', values });
    expect(row.new_areas).to.deep.equal(['North', 'South']);
    const emptied = { table: 'new_shop0', id: row.id!, values: { new_areas: [] } };
    expect((await fixture.run('record.update', emptied)).new_areas).to.equal(null);
    expect(lastBody()).to.equal('{"new_areas":null}');
  });

  it('a label of two choices is refused with both numbers, and both are read in one form', async () => {
    addTable(
      fixture,
      'new_shop1',
      column('new_stage', 'Picklist', {
        options: [...options('Canceled', 'Done'), { value: 7, label: 'Canceled' }],
      }),
    );
    const create = (new_stage: number | string) =>
      fixture.run('record.create', { table: 'new_shop1', values: { new_name: 'A', new_stage } });
    const error = await fixture.errorOf(create('Canceled'));
    expect(error.code).to.equal('INPUT_INVALID');
    expect(error.message).to.equal(
      '/values/new_stage must be a number: "Canceled" is the label of 100000000 and 7',
    );
    expect((await create(7)).new_stage).to.deep.equal({ value: 7, label: 'Canceled' });
    expect((await create(100_000_000)).new_stage).to.deep.equal({ value: 100_000_000, label: 'Canceled' });
    expect((await create('Done')).new_stage).to.equal('Done');
  });

  it('a value that the table schema allows for a lookup is written: the id, or table and id', async () => {
    const { id } = await fixture.run('account.create', { name: 'A' });
    const contact = await fixture.run('contact.create', { lastName: 'B' });
    const { properties } = (await fixture.client.tableSchema('account')) as { properties: JsonObject };
    expect(properties.primarycontactid).to.deep.include({
      type: ['object', 'string', 'null'],
      format: 'uuid',
    });
    for (const primarycontactid of [
      contact.id!,
      { table: 'contact', id: contact.id! },
      { id: contact.id! },
    ]) {
      const row = await fixture.run('record.update', {
        table: 'account',
        id: id!,
        values: { primarycontactid },
      });
      expect(row.primarycontactid).to.deep.include({ table: 'contact', id: contact.id });
    }
  });

  it('a lookup is set by an alternate key of its table', async () => {
    fixture.organization.store.addKey('account', 'new_number', ['accountnumber']);
    const { id } = await fixture.run('account.create', { name: 'A', number: "O'Neil 1" });
    const values = {
      lastname: 'B',
      parentcustomerid: { table: 'account', key: { accountnumber: "O'Neil 1" } },
    };
    const row = await fixture.run('record.create', { table: 'contact', values });
    expect(row.parentcustomerid).to.deep.include({ table: 'account', id });
    expect(lastBody()).to.include(`"/accounts(accountnumber='O''Neil 1')"`);
  });

  it('the people of an appointment are written by their role, and read when they are asked for', async () => {
    const person = await fixture.run('contact.create', { lastName: 'Ann' });
    const user = fixture.organization.store.query('systemuser', { actor: { userId: '' }, top: 1 }).rows[0]!;
    const values = {
      subject: 'Visit',
      scheduledstart: '2027-01-04T09:00:00Z',
      scheduledend: '2027-01-04T10:00:00Z',
      requiredattendees: [{ table: 'contact', id: person.id! }, { address: 'guest@example.com' }] as Json[],
      organizer: { table: 'systemuser', id: user.id },
    };
    const { id } = await fixture.run('record.create', { table: 'appointment', values });
    const read = await fixture.run('record.get', {
      table: 'appointment',
      id: id!,
      select: ['subject', 'requiredattendees', 'organizer'],
    });
    expect(read.requiredattendees).to.deep.equal([
      { table: 'contact', id: person.id, name: 'Ann' },
      { address: 'guest@example.com' },
    ]);
    expect(read.organizer).to.have.nested.property('[0].id', user.id);
    const again = { table: 'appointment', values: { ...read, ...{ id: null, activityid: null } } };
    expect((await fixture.run('record.create', again)).id).to.not.equal(id);
  });

  it('a column added a moment ago is written, read and filtered on, and so is a new choice', async () => {
    addTable(fixture, 'new_shop2', column('new_size', 'Picklist', { options: options('Small') }));
    const create = (values: JsonObject) => fixture.run('record.create', { table: 'new_shop2', values });
    await create({ new_name: 'A', new_size: 'Small' });
    fixture.organization.store.addColumn('new_shop2', column('new_late', 'String', { maxLength: 10 }));
    expect((await create({ new_name: 'B', new_late: 'x' })).new_late).to.equal('x');
    fixture.organization.store.addColumn('new_shop2', column('new_later', 'String', { maxLength: 10 }));
    const filter = "new_late eq 'x' and new_later eq null";
    const rows = (await fixture.run('record.list', {
      table: 'new_shop2',
      filter,
    })) as unknown as JsonObject[];
    expect(rows.map((row) => [row.new_late, row.new_later])).to.deep.equal([['x', null]]);
    fixture.organization.store.addTable({ logicalName: 'new_branch', primaryName: 'new_name' });
    expect(await fixture.run('record.create', { table: 'new_branch', values: { new_name: 'C' } })).to.include(
      {
        new_name: 'C',
      },
    );
  });

  it('64-bit numbers and money are exact in both directions', async () => {
    addTable(fixture, 'new_shop3', column('new_big', 'BigInt'), column('new_price', 'Money'));
    const values = { new_name: 'X', new_big: '9007199254740993', new_price: '922337203685476.5807' };
    const row = await fixture.run('record.create', { table: 'new_shop3', values });
    expect(lastBody())
      .to.include('"new_big":9007199254740993')
      .and.include('"new_price":922337203685476.5807');
    const read = await fixture.run('record.get', { table: 'new_shop3', id: row.id! });
    expect(read).to.include({ new_big: '9007199254740993', new_price: '922337203685476.5807' });
    const [listed] = (await fixture.run('record.list', { table: 'new_shop3' })) as unknown as JsonObject[];
    expect(listed).to.deep.equal(read);
    const query = '<fetch><entity name="new_shop3"><attribute name="new_big"/></entity></fetch>';
    const [fetched] = (await fixture.run('query.fetch', {
      table: 'new_shop3',
      query,
    })) as unknown as JsonObject[];
    expect(fetched).to.include({ new_big: '9007199254740993' });
  });

  it('an id among the values is the id of the new row, and an update never moves to another row', async () => {
    addTable(fixture, 'new_shop4');
    const id = '0c0a7b1e-1111-4c39-9d55-0a3c1c5d7e90';
    const values = { new_shop4id: id, new_name: 'A' };
    expect((await fixture.run('record.create', { table: 'new_shop4', values })).id).to.equal(id);
    expect(
      (await fixture.errorOf(fixture.run('record.create', { table: 'new_shop4', values }))).code,
    ).to.equal('DUPLICATE');
    const other = { table: 'new_shop4', id: id.replace('1111', '2222'), values };
    const error = await fixture.errorOf(fixture.run('record.update', other));
    expect(error.message).to.equal('/values/new_shop4id is the id of another row');
    expect((await fixture.run('record.upsert', { ...other, id })).id).to.equal(id);
  });

  it('a whole row is written back as it was read', async () => {
    const { id } = await fixture.newCase();
    const row = await fixture.run('record.get', { table: 'incident', id: id! });
    const same = await fixture.run('record.update', { table: 'incident', id: id!, values: row });
    const { versionnumber: _, modifiedon: __, ...before } = row;
    expect(same).to.deep.include(before);
  });

  it('labels are those of the caller, also in one process with a shared store', async () => {
    let isFrench = true;
    fixture.intercept(async (request, send) => {
      const response = await send(request);
      if (!isFrench || !/Definitions/.test(request.url)) return response;
      return await replaceBody(response, (text) => text.replaceAll('"Label":"High"', '"Label":"Haute"'));
    });
    const { id } = await fixture.newCase();
    const write = async (client: Client, prioritycode: string) =>
      (await client.run('record.update', { table: 'incident', id: id!, values: { prioritycode } })).output;
    const french = fixture.connectAs(1);
    expect(await write(french, 'Haute')).to.include({ prioritycode: 'Haute' });
    isFrench = false;
    expect(await write(fixture.client, 'High')).to.include({ prioritycode: 'High' });
    expect(await write(french, 'Haute')).to.include({ prioritycode: 'Haute' });
    expect(await write(fixture.connectAs(1), 'Haute')).to.include({ prioritycode: 'Haute' });
  });

  it('an image is written as base64, is in the schema, and is read only when it is asked for', async () => {
    addTable(fixture, 'new_shop5', column('new_photo', 'File', { image: true }));
    const photo =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const { properties } = (await fixture.client.tableSchema('new_shop5')) as { properties: JsonObject };
    expect(properties.new_photo).to.deep.include({ contentEncoding: 'base64' });
    const error = await fixture.errorOf(
      fixture.run('record.create', {
        table: 'new_shop5',
        values: { new_name: 'A', new_photo: 'not base64!' },
      }),
    );
    expect(error.message).to.match(/\/values\/new_photo must be an image/);
    const row = await fixture.run('record.create', {
      table: 'new_shop5',
      values: { new_name: 'A', new_photo: photo },
    });
    expect(row).to.not.have.property('new_photo');
    const read = { table: 'new_shop5', id: row.id!, select: ['new_photo'] };
    expect((await fixture.run('record.get', read)).new_photo).to.equal(photo);
  });

  it('every wrong value of a row is reported at once, with its path, and nothing is sent', async () => {
    await fixture.client.tableSchema('contact');
    fixture.sent.length = 0;
    const values = {
      lastname: 'x'.repeat(51),
      birthdate: '1965-05-07T00:00:00Z',
      numberofchildren: 'two',
      preferredcontactmethodcode: 99,
      nick: 'x',
    };
    const error = await fixture.errorOf(
      fixture.run('record.create', { table: 'contact', values: { ...values, nick: null } }),
    );
    expect(error.details.issues?.map(({ path }) => path)).to.deep.equal(['/values/nick']);
    const { nick: _, ...known } = values;
    const { details } = await fixture.errorOf(
      fixture.run('record.create', { table: 'contact', values: known }),
    );
    expect(details.issues?.map(({ path }) => path)).to.deep.equal(
      Object.keys(known).map((name) => `/values/${name}`),
    );
    expect(fixture.sent.every(({ method }) => method === 'GET')).to.equal(true);
  });

  it('the people of a campaign activity and the related rows of an e-mail are columns, as those of other activities', async () => {
    const [ann, bob] = fixture.addRows('contact', 2, (at) => ({ lastname: `Person ${at}` }));
    const people = (...ids: readonly (string | undefined)[]) =>
      ids.map((id) => ({ table: 'contact', id: String(id) }));
    for (const [table, roles] of [
      ['campaignactivity', { from: people(ann), to: people(ann, bob), customers: people(bob) }],
      ['email', { to: people(ann), related: people(bob) }],
    ] as const) {
      const values = { subject: table, ...roles };
      const created = await fixture.run('record.create', { table, values });
      const names = Object.keys(roles);
      const row = await fixture.run('record.get', { table, id: created.activityid!, select: names });
      for (const [role, expected] of Object.entries(roles)) {
        const found = (row[role] as readonly JsonObject[]).map(({ table: name, id }) => ({
          table: name,
          id,
        }));
        expect(found, `${table}.${role}`).to.deep.equal(expected);
      }
      const schema = await fixture.client.tableSchema(table);
      expect(Object.keys(schema?.properties as object)).to.include.members(names);
    }
  });
});
