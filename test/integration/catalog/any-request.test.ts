import { expect } from 'chai';
import type { ConnectorError, Json, JsonObject } from '../../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../../support/sandbox-client.ts';

/** The actions that work on any table, operation, request or query. */
describe('actions for any table, operation, request and query', () => {
  let fixture: SandboxClient;
  let me: string;
  let account: JsonObject;
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const rows = async (action: string, input: JsonObject): Promise<readonly JsonObject[]> =>
    (await fixture.client.run(action, input)).output as readonly JsonObject[];
  const stored = (table: string, id: Json | undefined) =>
    fixture.sandbox.organization.store.read(table, String(id))?.values;
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );

  before(async () => {
    fixture = await openSandboxClient();
    me = (await fixture.client.check()).userId;
    const { store } = fixture.sandbox.organization;
    store.addTable({ logicalName: 'new_thing', displayName: 'Thing', primaryName: 'new_name' });
    account = await run('account.create', { name: 'Fabrikam, Inc.' });
  });
  after(() => fixture.close());

  it('record actions: create, read, update, upsert, list and delete rows of a table without a schema', async () => {
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

  it('record.create: keeps lookups, choices, money and memos', async () => {
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

  it('record actions: accept the owner of a row as it was read, a user or a team', async () => {
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

  it('record actions: reject an id together with an alternate key', async () => {
    const both = { table: 'account', id: account.id!, key: { accountnumber: 'A-1' } };
    for (const action of ['record.get', 'record.update', 'record.upsert']) {
      const input = action === 'record.get' ? both : { ...both, values: { name: 'Not me' } };
      expect((await errorOf(run(action, input))).message).to.match(/the id or an alternate key, not both/);
    }
    expect(stored('account', account.id)?.name).to.equal('Fabrikam, Inc.');
  });

  it('record actions: accept our name, the logical name and the entity set of a table', async () => {
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

  it('record actions: report a mistyped column or table before sending', async () => {
    const typo = await errorOf(run('record.create', { table: 'account', values: { nmae: 'x' } }));
    expect(typo.message).to.match(/nmae.*did you mean "name"/);
    const table = await errorOf(run('record.get', { table: 'acount', id: account.id! }));
    expect(table.details.suggestions).to.include('account');
    const filter = await errorOf(run('record.list', { table: 'incident', filter: 'ownerid eq 1' }));
    expect(filter.code).to.equal('QUERY_INVALID');
  });

  it('operation.call: calls unbound and bound functions and actions by name', async () => {
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
    const from = [{ table: 'user', id: me }];
    const mail = await run('email.create', {
      subject: 'x',
      from,
      to: [{ table: 'account', id: account.id! }],
    });
    const send = { name: 'SendEmail', kind: 'action', on: { table: 'email', id: mail.id! } };
    await run('operation.call', { ...send, parameters: { IssueSend: true } });
    expect(stored('email', mail.id)).to.include({ statecode: 1 });
  });

  it('request.send: sends any request to the Web API of the organization', async () => {
    const answer = await run('request.send', {
      method: 'GET',
      path: '/accounts',
      query: { $select: 'name', $filter: "name eq 'Fabrikam, Inc.'" },
    });
    expect(answer).to.have.property('status', 200);
    expect(answer).to.have.nested.property('body.value[0].name', 'Fabrikam, Inc.');
  });

  describe('record.search', () => {
    const search = (input: JsonObject) => rows('record.search', { text: 'fondue', ...input });
    const found = async (input: JsonObject) => (await search(input)).map(({ name }) => name);
    const switchSearch = (isexternalsearchindexenabled: boolean) => {
      const { store, organizationId: id } = fixture.sandbox.organization;
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

    it('finds rows of tables with and without a schema in all searchable texts', async () => {
      expect(await found({})).to.have.members([
        'Fondue set lacks forks',
        'Raclette',
        'Fondue',
        'Fondue fork',
      ]);
    });

    it('accepts any name of a table and searches its name columns', async () => {
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

    it('matches all words, or misspelt words with Lucene syntax', async () => {
      expect(await found({ text: 'fondue fork', match: 'all' })).to.deep.equal(['Fondue fork']);
      const misspelt = { text: 'raclete~1', syntax: 'lucene', tables: ['incident'] };
      expect(await found(misspelt)).to.deep.equal(['Raclette']);
    });

    it('reports a mistyped table before searching', async () => {
      const { details } = await errorOf(search({ tables: ['new_thin'] }));
      expect(details.suggestions).to.include('new_thing');
    });

    it('advises to ask an administrator if search is switched off', async () => {
      switchSearch(false);
      const error = await errorOf(search({})).finally(() => switchSearch(true));
      expect(error).to.include({ code: 'BAD_REQUEST' });
      expect(error.message).to.include('switched off');
      expect(error.advice).to.include('administrator');
    });
  });

  describe('query.fetch and query.view', () => {
    before(async () => {
      const rows = Array.from({ length: 2345 }, (_, at) => ({
        subject: `fetched ${String(at).padStart(4, '0')}`,
      }));
      for await (const { error } of fixture.client.writeMany({ table: 'task', verb: 'create', rows }))
        expect(error).to.equal(undefined);
    });

    const fetchTasks = `<fetch><entity name="task"><attribute name="subject"/><attribute name="prioritycode"/>
      <filter><condition attribute="subject" operator="like" value="fetched%"/></filter><order attribute="subject"/></entity></fetch>`;

    it('query.fetch: reads all pages, each row once, and stops at the limit', async () => {
      const all = await rows('query.fetch', { table: 'task', query: fetchTasks, limit: 5000 });
      expect(new Set(all.map(({ subject }) => subject)).size).to.equal(2345);
      expect(all.length).to.equal(2345);
      expect((await rows('query.fetch', { table: 'task', query: fetchTasks, limit: 1500 })).length).to.equal(
        1500,
      );
    });

    it('query.fetch: aggregates, and returns labels on request', async () => {
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

    it('query.fetch: reports an unknown column before sending', async () => {
      const query = '<fetch><entity name="task"><attribute name="subjcet"/></entity></fetch>';
      expect((await errorOf(run('query.fetch', { table: 'task', query }))).code).to.equal('QUERY_INVALID');
    });

    it('query.view: runs a saved view by its display name', async () => {
      const { store } = fixture.sandbox.organization;
      const values = { name: 'All fetched tasks', returnedtypecode: 'task', fetchxml: fetchTasks };
      store.insert('savedquery', values, { userId: me });
      expect((await rows('query.view', { name: 'All fetched tasks', limit: 5000 })).length).to.equal(2345);
      const unknown = await errorOf(run('query.view', { name: 'No such view' }));
      expect(unknown.code).to.equal('NOT_FOUND');
      expect(unknown.advice).to.include('full display name');
    });
  });
});
