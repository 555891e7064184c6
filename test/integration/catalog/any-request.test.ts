import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** Any table, any operation, any request, any query. */
describe('whatever the organization can do', function () {
  this.timeout(60_000);
  let bench: SandboxClient;
  let me: string;
  let account: JsonObject;
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await bench.client.run(action, input)).output as JsonObject;
  const rows = async (action: string, input: JsonObject): Promise<readonly JsonObject[]> =>
    (await bench.client.run(action, input)).output as readonly JsonObject[];
  const stored = (table: string, id: Json | undefined) =>
    bench.sandbox.organization.store.read(table, String(id))?.values;
  const refusal = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('it succeeded'),
      (error: ConnectorError) => error,
    );

  before(async () => {
    bench = await openSandboxClient();
    me = (await bench.client.check()).userId;
    const { store } = bench.sandbox.organization;
    store.addTable({ logicalName: 'new_thing', displayName: 'Thing', primaryName: 'new_name' });
    account = await run('account.create', { name: 'Fabrikam, Inc.' });
  });
  after(() => bench.close());

  it('a row of a table that nobody wrote a schema for is created, read, changed, upserted, listed and deleted', async () => {
    const made = await run('record.create', { table: 'new_thing', values: { new_name: 'Kettle' } });
    expect(made).to.include({ new_name: 'Kettle' });
    expect(stored('new_thing', made.id)?.new_name).to.equal('Kettle');
    const { id } = made;
    expect((await run('record.get', { table: 'new_thing', id: id! })).new_name).to.equal('Kettle');
    const changed = await run('record.update', { table: 'new_thing', id: id!, values: { new_name: 'Lamp' } });
    expect(changed.new_name).to.equal('Lamp');
    const values = { new_name: 'Toaster' };
    expect((await run('record.upsert', { table: 'new_thing', id: id!, values })).new_name).to.equal(
      'Toaster',
    );
    const list = await rows('record.list', { table: 'new_thing', filter: "new_name eq 'Toaster'" });
    expect(list.map((row) => row.id)).to.deep.equal([id]);
    await run('record.delete', { table: 'new_thing', id: id! });
    expect(stored('new_thing', id)).to.equal(undefined);
  });

  it('lookups, choices, money and memos of any table come and go, none is dropped', async () => {
    const values = {
      name: 'Ten kettles',
      description: 'line one\nline two',
      estimatedvalue: 1250.5,
      opportunityratingcode: 'Cold',
      customerid: { table: 'account', id: account.id! },
    };
    const row = await run('record.create', { table: 'opportunity', values });
    expect(row).to.deep.include({ ...values, customerid: { ...values.customerid, name: 'Fabrikam, Inc.' } });
    expect(row.ownerid).to.have.property('id', me);
    expect(row.statecode).to.equal('Open');
  });

  it('the owner of a row of any table is a user or a team, given as what was read', async () => {
    const team = await run('record.create', {
      table: 'team',
      values: { name: 'Second line', teamtype: 'Owner' },
    });
    for (const ownerid of [
      { table: 'team', id: team.id! },
      { table: 'systemuser', id: me },
    ]) {
      const { id } = await run('record.create', { table: 'new_thing', values: { new_name: 'Pan', ownerid } });
      expect(stored('new_thing', id)?.ownerid).to.deep.equal(ownerid);
      const read = await run('record.get', { table: 'new_thing', id: id! });
      const again = await run('record.update', {
        table: 'new_thing',
        id: id!,
        values: { ownerid: read.ownerid! },
      });
      expect(again.ownerid).to.deep.include(ownerid);
    }
  });

  it('a row is found by its id or by a key, never by one of both that is left aside', async () => {
    const both = { table: 'account', id: account.id!, key: { accountnumber: 'A-1' } };
    for (const action of ['record.get', 'record.update', 'record.upsert']) {
      const input = action === 'record.get' ? both : { ...both, values: { name: 'Not me' } };
      expect((await refusal(run(action, input))).message).to.match(/the id or an alternate key, not both/);
    }
    expect(stored('account', account.id)?.name).to.equal('Fabrikam, Inc.');
  });

  it('a table goes by our name, by its logical name and by its set', async () => {
    const incident = await run('case.create', {
      title: 'Kettle',
      customer: { table: 'account', id: account.id! },
    });
    for (const table of ['case', 'incident', 'incidents']) {
      expect((await run('record.get', { table, id: incident.id! })).title).to.equal('Kettle');
      const found = await rows('record.list', { table, filter: "title eq 'Kettle'" });
      expect(found).to.have.length(1);
    }
    await run('record.delete', { table: 'case', id: incident.id! });
    expect(stored('incident', incident.id)).to.equal(undefined);
  });

  it('a mistyped column or table is told before anything is sent', async () => {
    const typo = await refusal(run('record.create', { table: 'account', values: { nmae: 'x' } }));
    expect(typo.message).to.match(/nmae.*did you mean "name"/);
    const table = await refusal(run('record.get', { table: 'acount', id: account.id! }));
    expect(table.details.suggestions).to.include('account');
    const filter = await refusal(run('record.list', { table: 'incident', filter: 'ownerid eq 1' }));
    expect(filter.code).to.equal('QUERY_INVALID');
  });

  it('an operation is called by its name: unbound or on a row, function or action', async () => {
    expect((await run('operation.call', { name: 'WhoAmI', kind: 'function' })).UserId).to.equal(me);
    const counted = await run('operation.call', {
      name: 'RetrieveTotalRecordCount',
      kind: 'function',
      parameters: { EntityNames: ['account'] },
    });
    expect(counted).to.have.nested.property('EntityRecordCountCollection.Values.0', 1);
    const row = await run('case.create', { title: 'x', customer: { table: 'account', id: account.id! } });
    const on = { table: 'incident', id: row.id! };
    const time = { name: 'CalculateTotalTimeIncident', kind: 'function', on };
    expect(await run('operation.call', time)).to.have.property('TotalTime', 0);
    const mail = await run('email.create', { subject: 'x', to: [{ table: 'account', id: account.id! }] });
    const send = { name: 'SendEmail', kind: 'action', on: { table: 'email', id: mail.id! } };
    await run('operation.call', { ...send, parameters: { IssueSend: true } });
    expect(stored('email', mail.id)).to.include({ statecode: 1 });
  });

  it('any request goes to the organization, and to no other place', async () => {
    const answer = await run('request.send', {
      method: 'GET',
      path: '/accounts',
      query: { $select: 'name', $filter: "name eq 'Fabrikam, Inc.'" },
    });
    expect(answer).to.have.property('status', 200);
    expect(answer).to.have.nested.property('body.value[0].name', 'Fabrikam, Inc.');
  });

  describe('with a search over all of it', () => {
    const search = (input: JsonObject) => rows('record.search', { text: 'fondue', ...input });
    const found = async (input: JsonObject) => (await search(input)).map(({ name }) => name);
    const switchSearch = (isexternalsearchindexenabled: boolean) => {
      const { store, organizationId: id } = bench.sandbox.organization;
      const values = { isexternalsearchindexenabled };
      store.update({ table: 'organization', id, values, actor: { userId: me } });
    };

    before(async () => {
      const customer = { table: 'account', id: account.id! };
      await run('case.create', { title: 'Fondue set lacks forks', customer });
      await run('case.create', { title: 'Raclette', description: 'Or a fondue?', customer });
      await run('contact.create', { lastName: 'Fondue', email: 'fondue@fabrikam.example' });
      await run('record.create', { table: 'new_thing', values: { new_name: 'Fondue fork' } });
    });

    it('it finds rows of tables of ours and of others, by whatever text they have', async () => {
      expect(await found({})).to.have.members([
        'Fondue set lacks forks',
        'Raclette',
        'Fondue',
        'Fondue fork',
      ]);
    });

    it('tables are named as people know them, and searched in the columns that rows are known by', async () => {
      for (const name of ['case', 'incident', 'incidents']) {
        const [row, ...more] = await search({ tables: [name] });
        expect(row!.columns).to.have.keys('title', 'number');
        expect([row!.name, more]).to.deep.equal(['Fondue set lacks forks', []]);
      }
      const [person] = await search({ tables: ['contact'] });
      expect(person).to.deep.include({ table: 'contact', name: 'Fondue' });
      expect(person!.highlights).to.deep.equal({
        name: ['**Fondue**'],
        email: ['**fondue**@fabrikam.example'],
      });
      const [thing] = await search({ tables: ['new_thing'] });
      expect(thing).to.deep.include({ table: 'new_thing', columns: { new_name: 'Fondue fork' } });
    });

    it('all words can be asked for, and a misspelt one be forgiven', async () => {
      expect(await found({ text: 'fondue fork', match: 'all' })).to.deep.equal(['Fondue fork']);
      const misspelt = { text: 'raclete~1', syntax: 'lucene', tables: ['incident'] };
      expect(await found(misspelt)).to.deep.equal(['Raclette']);
    });

    it('a mistyped table is told before anything is searched', async () => {
      const { details } = await refusal(search({ tables: ['new_thin'] }));
      expect(details.suggestions).to.include('new_thing');
    });

    it('where it is switched off, the error says who can switch it on', async () => {
      switchSearch(false);
      const error = await refusal(search({})).finally(() => switchSearch(true));
      expect(error).to.include({ code: 'BAD_REQUEST' });
      expect(error.message).to.include('switched off');
      expect(error.advice).to.include('administrator');
    });
  });

  describe('with queries of its own', () => {
    before(async () => {
      const rows = Array.from({ length: 2345 }, (_, at) => ({
        subject: `fetched ${String(at).padStart(4, '0')}`,
      }));
      for await (const { error } of bench.client.writeMany({ table: 'task', verb: 'create', rows }))
        expect(error).to.equal(undefined);
    });

    const fetchTasks = `<fetch><entity name="task"><attribute name="subject"/><attribute name="prioritycode"/>
      <filter><condition attribute="subject" operator="like" value="fetched%"/></filter><order attribute="subject"/></entity></fetch>`;

    it('FetchXML gives all its pages, each row once, and stops at the limit', async () => {
      const all = await rows('query.fetch', { table: 'task', query: fetchTasks, limit: 5000 });
      expect(new Set(all.map(({ subject }) => subject)).size).to.equal(2345);
      expect(all.length).to.equal(2345);
      expect((await rows('query.fetch', { table: 'task', query: fetchTasks, limit: 1500 })).length).to.equal(
        1500,
      );
    });

    it('FetchXML aggregates, and gives labels on request', async () => {
      const query = `<fetch aggregate="true"><entity name="task"><attribute name="activityid" alias="n" aggregate="count"/></entity></fetch>`;
      const [total] = await rows('query.fetch', { table: 'task', query });
      expect(total?.n).to.equal(2345);
      const [labeled] = await rows('query.fetch', {
        table: 'account',
        query: '<fetch top="1"><entity name="account"><attribute name="statecode"/></entity></fetch>',
        labels: true,
      });
      expect(labeled).to.include({ 'statecode@OData.Community.Display.V1.FormattedValue': 'Active' });
    });

    it('FetchXML with a wrong column is told before it is sent', async () => {
      const query = '<fetch><entity name="task"><attribute name="subjcet"/></entity></fetch>';
      expect((await refusal(run('query.fetch', { table: 'task', query }))).code).to.equal('QUERY_INVALID');
    });

    it('a saved view is read by the name that people know it by', async () => {
      const { store } = bench.sandbox.organization;
      const values = { name: 'All fetched tasks', returnedtypecode: 'task', fetchxml: fetchTasks };
      store.insert('savedquery', values, { userId: me });
      expect((await rows('query.view', { name: 'All fetched tasks', limit: 5000 })).length).to.equal(2345);
      const unknown = await refusal(run('query.view', { name: 'No such view' }));
      expect(unknown.code).to.equal('NOT_FOUND');
      expect(unknown.advice).to.include('full display name');
    });
  });
});
