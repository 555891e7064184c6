import { expect } from 'chai';
import type { Json, JsonObject } from '../../../src/index.ts';
import { type KnownIssueFixture, openFixture } from '../known-issues/fixture.ts';
import { addChoice } from './fixture.ts';

/** Actions of our own tables take what they return, and what a row of another system has. */
describe('typed actions with values of the organization', () => {
  let fixture: KnownIssueFixture;
  before(async () => {
    fixture = await openFixture();
  });
  after(() => fixture.close());

  it('null on create means that the column is not given, alone and in bulk', async () => {
    const empty = { phone: null, revenue: null, parent: null, category: null, id: null };
    const one = await fixture.run('account.create', { name: 'A', ...empty });
    expect(one).to.include({ name: 'A', phone: null });
    expect(String(fixture.sent.findLast(({ method }) => method === 'PATCH')?.body)).to.equal('{"name":"A"}');
    const many = await fixture.run('account.create-many', { rows: [{ name: 'B', ...empty }] });
    expect(many).to.deep.equal({ written: 1, failed: [] });
    expect((await fixture.errorOf(fixture.run('account.create', { name: null }))).code).to.equal(
      'INPUT_INVALID',
    );
  });

  it('null for an optional input means that it is not given, in every action that creates or runs something', async () => {
    const { id } = await fixture.newCase();
    const { id: contact } = await fixture.run('contact.create', {
      lastName: 'B',
      email: 'b@contoso.example',
    });
    const note = await fixture.run('case.add-note', { id: id!, text: 'Called back', subject: null });
    expect(note.text).to.equal('Called back');
    const optional = { cc: null, bcc: null, body: null, regarding: null, priority: null };
    const mail = await fixture.run('email.send-new', {
      subject: 'Fuse',
      from: [{ table: 'user', id: (await fixture.client.check()).userId }],
      to: [{ table: 'contact', id: contact! }],
      attachments: [{ fileName: 'a.txt', content: 'aGVsbG8=', mimeType: null }],
      ...optional,
    });
    expect(mail.subject).to.equal('Fuse');
    await fixture.run('case.resolve', { id: id!, subject: 'New fuse', description: null, status: null });
    expect((await fixture.run('case.get', { id: id! })).status).to.equal('problem-solved');
    const list = await fixture.errorOf(fixture.run('account.list', { number: null }));
    expect(list.message).to.equal('account.list: /number: must be text');
  });

  it('a status reason of the organization is taken as { value, label }, as a row has it', async () => {
    addChoice(fixture, 'incident', 'statuscode', {
      value: 100_000_006,
      label: 'Waiting for parts',
      state: 0,
    });
    const { id } = await fixture.newCase();
    const read = await fixture.run('case.update', { id: id!, status: 100_000_006 });
    expect(read.status).to.deep.equal({ value: 100_000_006, label: 'Waiting for parts' });
    const again = await fixture.run('case.update', { id: id!, status: read.status! });
    expect(again.status).to.deep.equal(read.status);
  });

  it('a status reason of the organization closes and reopens a case, by label or number', async () => {
    addChoice(fixture, 'incident', 'statuscode', { value: 100_000_010, label: 'Repaired', state: 1 });
    addChoice(fixture, 'incident', 'statuscode', { value: 100_000_011, label: 'Out of warranty', state: 2 });
    const { id } = await fixture.newCase();
    const stored = () => fixture.organization.store.read('incident', String(id))?.values;
    await fixture.run('case.resolve', { id: id!, subject: 'New fuse', status: 'Repaired' });
    expect(stored()).to.include({ statecode: 1, statuscode: 100_000_010 });
    await fixture.run('case.reopen', { id: id!, status: 'researching' });
    expect(stored()).to.include({ statecode: 0, statuscode: 4 });
    await fixture.run('case.cancel', { id: id!, status: 100_000_011 });
    expect(stored()).to.include({ statecode: 2, statuscode: 100_000_011 });
  });

  it('a status reason of another state is refused before anything is sent, with those of the state', async () => {
    const { id } = await fixture.newCase();
    addChoice(fixture, 'incident', 'statuscode', { value: 100_000_012, label: 'Replaced', state: 1 });
    fixture.sent.length = 0;
    for (const status of [6, 'On Hold', { value: 1, label: 'In Progress' }]) {
      const error = await fixture.errorOf(fixture.run('case.resolve', { id: id!, subject: 'x', status }));
      expect(error.code).to.equal('INPUT_INVALID');
      expect(error.details.issues?.[0]?.path).to.equal('/status');
      expect(error.message).to.include('Problem Solved').and.include('Replaced');
    }
    expect(fixture.sent.filter(({ method }) => method !== 'GET')).to.deep.equal([]);
  });

  it('a new row has the id of the input, alone and in bulk', async () => {
    const ids = ['0c0a7b1e-aaaa-4c39-9d55-0a3c1c5d7e91', '0c0a7b1e-aaaa-4c39-9d55-0a3c1c5d7e92'];
    expect((await fixture.run('account.create', { name: 'A', id: ids[0]! })).id).to.equal(ids[0]);
    await fixture.run('account.create-many', { rows: [{ name: 'B', id: ids[1]! }] });
    expect(await fixture.run('account.get', { id: ids[1]! })).to.include({ name: 'B' });
  });

  it('a lookup is set by { table, id }, by the id alone where it has one table, and by an alternate key', async () => {
    fixture.organization.store.addKey('account', 'new_number', ['accountnumber']);
    const parent = await fixture.run('account.create', { name: 'Parent', number: 'P-1' });
    const wanted = { table: 'account', id: parent.id, name: 'Parent' };
    const forms: readonly Json[] = [
      parent.id!,
      { id: parent.id! },
      { table: 'account', id: parent.id! },
      { key: { number: 'P-1' } },
    ];
    for (const form of forms) {
      const row = await fixture.run('account.create', { name: 'Child', parent: form });
      expect(row.parent, JSON.stringify(form)).to.deep.equal(wanted);
    }
    const customer = { table: 'account', key: { number: 'P-1' } };
    expect((await fixture.run('case.create', { title: 'x', customer })).customer).to.deep.equal(wanted);
    const wrong: readonly JsonObject[] = [{ parent: 'P-1' }, { parent: {} }, { parent: { key: {} } }];
    for (const input of wrong) {
      const error = await fixture.errorOf(fixture.run('account.create', { name: 'Child', ...input }));
      expect(error.code, JSON.stringify(input)).to.equal('INPUT_INVALID');
    }
  });

  it('names the place of a value that cannot be in the alternate key of a lookup', async () => {
    fixture.organization.store.addKey('account', 'new_email', ['emailaddress1']);
    const customer = { table: 'account', key: { email: 'a/b@c.example' } };
    const typed = await fixture.errorOf(fixture.run('case.create', { title: 'x', customer }));
    expect(typed.details.issues?.[0]?.path).to.equal('/customer/key/email');
    const unknown = { table: 'account', key: { emailaddress1: 'a@c.example' } };
    const wrongName = await fixture.errorOf(fixture.run('case.create', { title: 'x', customer: unknown }));
    expect(wrongName.details.issues?.[0]?.path).to.equal('/customer/key/emailaddress1');
    const values = {
      lastname: 'B',
      parentcustomerid: { table: 'account', key: { emailaddress1: 'a/b@c.example' } },
    };
    const generic = await fixture.errorOf(fixture.run('record.create', { table: 'contact', values }));
    expect(generic.details.issues?.[0]?.path).to.equal('/values/parentcustomerid/key/emailaddress1');
  });

  it('lists cases by status reason, also by one that only the organization has', async () => {
    addChoice(fixture, 'incident', 'statuscode', {
      value: 100_000_008,
      label: 'Waiting for a part',
      state: 0,
    });
    const { id } = await fixture.newCase();
    const other = await fixture.newCase();
    await fixture.run('case.update', { id: id!, status: 100_000_008 });
    const ids = async (status: Json) => {
      const { output } = await fixture.client.run('case.list', { status });
      return (output as JsonObject[]).map((row) => row.id);
    };
    for (const own of [
      100_000_008,
      'Waiting for a part',
      { value: 100_000_008, label: 'Waiting for a part' },
    ])
      expect(await ids(own), JSON.stringify(own))
        .to.include(id)
        .and.not.to.include(other.id);
    expect(await ids('in-progress'))
      .to.include(other.id)
      .and.not.to.include(id);
  });

  it('a longer text and a label that only the organization has are taken, alone, in lists and in bulk', async () => {
    const { store } = fixture.organization;
    const lengthen = (table: string, name: string, maxLength: number) => {
      const known = store.model.table(table)!.attributes.find(({ logicalName }) => logicalName === name)!;
      store.schema.updateColumn(table, { ...known, maxLength });
    };
    lengthen('incident', 'title', 400);
    lengthen('account', 'name', 400);
    addChoice(fixture, 'incident', 'prioritycode', { value: 100_000_009, label: 'On fire' });
    const { id, customer } = await fixture.newCase();
    const title = 'x'.repeat(400);
    const changed = await fixture.run('case.update', { id: id!, title, priority: 'On fire' });
    expect(changed).to.deep.include({ title, priority: { value: 100_000_009, label: 'On fire' } });
    const { output } = await fixture.client.run('case.list', { priority: 'On fire' });
    expect((output as JsonObject[]).map((row) => row.id)).to.deep.equal([id]);
    const names = ['y'.repeat(400), 'y'.repeat(401)];
    const many = await fixture.run('account.create-many', { rows: names.map((name) => ({ name })) });
    expect(many.written).to.equal(1);
    expect(many.failed)
      .to.have.nested.property('[0].message')
      .that.matches(/^\/1\/name must have at most/);
    const wrong: readonly JsonObject[] = [{ title: 'x'.repeat(401) }, { priority: 'Burning' }, { title: 7 }];
    for (const input of wrong) {
      const error = await fixture.errorOf(
        fixture.run('case.create', { title: 'x', customer: customer!, ...input }),
      );
      expect(error.code, JSON.stringify(input).slice(0, 40)).to.equal('INPUT_INVALID');
    }
  });

  it('a label of two choices is refused with both numbers in every typed operation', async () => {
    for (const value of [100_000_020, 100_000_021]) {
      addChoice(fixture, 'incident', 'statuscode', { value, label: 'Waiting', state: 0 });
    }
    for (const value of [100_000_022, 100_000_023]) {
      addChoice(fixture, 'incident', 'prioritycode', { value, label: 'Rush' });
    }
    const { id, customer } = await fixture.newCase();
    const { client } = fixture;
    const calls: readonly (() => Promise<unknown>)[] = [
      () => client.run('case.create', { title: 'x', customer: customer!, priority: 'Rush' }),
      () => client.run('case.update', { id: id!, status: 'Waiting' }),
      () => client.run('case.list', { status: 'Waiting' }),
      () => client.changeSet([{ action: 'case.update', input: { id: id!, status: 'Waiting' } }]),
      () => client.poll('case.created', { priority: 'Rush' }),
    ];
    for (const call of calls) {
      expect((await fixture.errorOf(call())).message).to.match(
        /\/(status|priority): must be a number: "\w+" is the label of \d+ and \d+$/,
      );
    }
    const { failed } = await fixture.run('case.update-many', { rows: [{ id: id!, status: 'Waiting' }] });
    expect(failed)
      .to.have.nested.property('[0].message')
      .that.equals('/0/status must be a number: "Waiting" is the label of 100000020 and 100000021');
  });

  it('a value that is too long for the column is refused with the length that the organization has', async () => {
    const { store } = fixture.organization;
    const known = store.model.table('account')!.attributes.find(({ logicalName }) => logicalName === 'fax')!;
    store.schema.updateColumn('account', { ...known, maxLength: 60 });
    const error = await fixture.errorOf(fixture.run('account.create', { name: 'A', fax: '1'.repeat(61) }));
    expect(error.message).to.equal('account.create: /fax: must have at most 60 characters');
  });

  it('a trigger takes a label that only the organization has', async () => {
    addChoice(fixture, 'incident', 'prioritycode', { value: 100_000_024, label: 'On hold' });
    const params = { priority: 'On hold' };
    const { checkpoint } = await fixture.client.poll('case.created', params);
    const { customer } = await fixture.newCase();
    const { id } = await fixture.run('case.create', { title: 'x', customer: customer!, ...params });
    const { items } = await fixture.client.poll('case.created', params, checkpoint);
    expect(items.map(({ row }) => row.id)).to.deep.equal([id]);
  });

  it('a row is written back, copied and upserted as it was read, alone, in bulk and in a change set', async () => {
    const { customer } = await fixture.newCase();
    const { run } = fixture;
    const rows: Readonly<Record<string, JsonObject>> = {
      account: { name: 'A' },
      case: { title: 'Copy', customer: customer! },
      email: { subject: 'Copy', to: [{ table: 'account', id: (customer as JsonObject).id! }] },
      note: { text: 'Copy', regarding: customer! },
      queue: { name: 'Copy' },
      task: { subject: 'Copy', regarding: customer! },
    };
    for (const [table, row] of Object.entries(rows)) {
      const { id } = await run(`${table}.create`, row);
      const read = await run(`${table}.get`, { id: id! });
      expect(await run(`${table}.update`, read), table).to.include({ id });
      const { id: _, ...copy } = await run(`${table}.get`, { id: id! });
      expect((await run(`${table}.create`, copy)).id, table).to.not.equal(id);
    }
    const account = await run('account.get', { id: (customer as JsonObject).id! });
    expect((await run('account.upsert', { ...account, matchOn: ['id'] })).id).to.equal(account.id);
    expect(await run('account.update-many', { rows: [account] })).to.deep.equal({ written: 1, failed: [] });
    await fixture.client.changeSet([{ action: 'account.update', input: account }]);
  });

  it('a column that only Dataverse writes is refused if the row is not one that was read', async () => {
    const { id } = await fixture.newCase();
    const error = await fixture.errorOf(fixture.run('case.update', { id: id!, state: 'resolved' }));
    expect(error.message).to.include('unknown property "state"');
  });

  it('lookups and parties take the names that record.* gives their tables, and record.* takes ours', async () => {
    const { id, customer } = await fixture.newCase();
    const user = (await fixture.client.check()).userId;
    const { run } = fixture;
    const regarding = { table: 'incident', id: id! };
    const owner = { table: 'systemuser', id: user };
    const to = [{ table: 'accounts', id: (customer as JsonObject).id! }];
    const task = await run('task.create', { subject: 'x', regarding, owner });
    expect(task).to.have.nested.include({ 'regarding.table': 'case', 'owner.table': 'user' });
    expect((await run('email.create', { subject: 'x', from: [owner], to, regarding })).id).to.be.a('string');
    const many = await run('task.create-many', { rows: [{ subject: 'x', regarding, owner }] });
    expect(many).to.deep.equal({ written: 1, failed: [] });
    const record = await run('record.create', {
      table: 'appointment',
      values: {
        ...{ subject: 'x', scheduledstart: '2027-01-04T09:00:00Z', scheduledend: '2027-01-04T10:00:00Z' },
        ...{
          regardingobjectid: { table: 'case', id: id! },
          requiredattendees: [{ table: 'user', id: user }],
        },
      },
    });
    expect(record).to.have.nested.include({ 'regardingobjectid.table': 'incident' });
  });
});
