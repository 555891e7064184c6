import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise } from './fixture.ts';

/** The actions that work on any table, operation, request or query. */
export const anyVerbs: Readonly<Record<string, Exercise>> = {
  async 'record.create'(fixture) {
    const customer = { table: 'contact', id: fixture.add('contact').id };
    const values = { name: fixture.text(), estimatedvalue: 12.5, customerid: customer };
    const { id } = await fixture.run('record.create', { table: 'opportunity', values });
    const stored = fixture.stored('opportunity', id)!;
    expect(stored).to.deep.include({ ...values, estimatedvalue: '12.5000' });
  },

  async 'record.get'(fixture) {
    const { id, values } = fixture.add('competitor', { tickersymbol: 'KTL' });
    const row = await fixture.run('record.get', { table: 'competitor', id });
    expect(row).to.include({ id, name: values.name, tickersymbol: 'KTL' });
  },

  async 'record.list'(fixture) {
    const name = fixture.text();
    const { id } = fixture.add('competitor', { name });
    fixture.add('competitor');
    const input = { table: 'competitor', filter: `name eq '${name}'`, select: ['name'] };
    expect(await fixture.run('record.list', input)).to.deep.equal([{ id, competitorid: id, name }]);
  },

  async 'record.update'(fixture) {
    const { id, values } = fixture.add('competitor', { tickersymbol: 'KTL', strengths: 'many' });
    const changes = { tickersymbol: 'POT', strengths: null };
    await fixture.run('record.update', { table: 'competitor', id, values: changes });
    expect(fixture.stored('competitor', id)).to.include({ ...changes, name: values.name });
  },

  async 'record.upsert'(fixture) {
    const id = crypto.randomUUID();
    for (const name of [fixture.text(), fixture.text()]) {
      await fixture.run('record.upsert', { table: 'competitor', id, values: { name } });
      expect(fixture.stored('competitor', id)).to.include({ name });
    }
  },

  async 'record.delete'(fixture) {
    const { id } = fixture.add('competitor');
    await fixture.run('record.delete', { table: 'competitor', id });
    expect(fixture.stored('competitor', id)).to.equal(undefined);
  },

  async 'record.associate'(fixture) {
    const { from, link } = rivals(fixture);
    await fixture.run('record.associate', link);
    expect(fixture.linked(from, link.relationship, 'competitor')).to.deep.equal([link.target.id]);
  },

  async 'record.disassociate'(fixture) {
    const { from, link } = rivals(fixture);
    await fixture.client.run('record.associate', link);
    await fixture.run('record.disassociate', link);
    expect(fixture.linked(from, link.relationship, 'competitor')).to.deep.equal([]);
  },

  async 'operation.call'(fixture) {
    const team = { table: 'team', id: fixture.add('team').id };
    const parameters = {
      Members: [{ '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', ownerid: fixture.me.id }],
    };
    await fixture.run('operation.call', { name: 'AddMembersTeam', kind: 'action', on: team, parameters });
    expect(fixture.linked(team, 'teammembership_association', 'user')).to.deep.equal([fixture.me.id]);
  },

  async 'changeset.run'(fixture) {
    const name = fixture.text();
    const steps: JsonObject[] = [
      { name: 'customer', action: 'account.create', input: { name } },
      { action: 'contact.create', input: { lastName: name, company: { from: 'customer' } } },
    ];
    const [account, contact] = await fixture.run<readonly JsonObject[]>('changeset.run', { steps });
    const { id } = account!.output as JsonObject;
    const person = fixture.stored('contact', String((contact!.output as JsonObject).id));
    expect(person?.parentcustomerid).to.deep.equal({ table: 'account', id });
  },

  async 'request.send'(fixture) {
    const { id } = fixture.add('account');
    const request = { method: 'PATCH', path: `/accounts(${id})`, body: { address1_city: 'Berlin' } };
    expect(await fixture.run('request.send', request)).to.have.property('status', 204);
    expect(fixture.stored('account', id)).to.include({ address1_city: 'Berlin' });
  },

  async 'record.search'(fixture) {
    const [word, note] = ['Samovar', 'The samovar leaks.'];
    const lead = fixture.add('lead', { subject: word, description: note });
    const competitor = fixture.add('competitor', { name: `${word} & sons` });
    fixture.add('competitor');
    const search = (input: JsonObject) =>
      fixture.run<readonly JsonObject[]>('record.search', { text: word.toLowerCase(), ...input });
    const found = await search({ tables: ['lead', 'competitor'] });
    expect(found.map(({ table, id }) => [table, id])).to.have.deep.members([
      ['lead', lead.id],
      ['competitor', competitor.id],
    ]);
    const [everywhere] = await search({});
    expect(everywhere!.highlights).to.deep.equal({
      subject: ['**Samovar**'],
      description: ['The **samovar** leaks.'],
    });
  },

  async 'query.fetch'(fixture) {
    const { name, id } = rowToFind(fixture);
    const found = await fixture.run<readonly JsonObject[]>('query.fetch', {
      table: 'competitor',
      query: fetchOf(name),
    });
    expect(found.map((row) => [row.competitorid, row.name])).to.deep.equal([[id, name]]);
  },

  async 'query.view'(fixture) {
    const { name, id } = rowToFind(fixture);
    const view = { name: fixture.text(), returnedtypecode: 'competitor', fetchxml: fetchOf(name) };
    for (const [table, personal] of [
      ['savedquery', false],
      ['userquery', true],
    ] as const) {
      fixture.add(table, view);
      const found = await fixture.run<readonly JsonObject[]>('query.view', { name: view.name, personal });
      expect(found.map((row) => [row.competitorid, row.name])).to.deep.equal([[id, name]]);
    }
  },
};

function rivals(fixture: CatalogFixture) {
  const from = { table: 'opportunity', id: fixture.add('opportunity').id };
  const target = { table: 'competitor', id: fixture.add('competitor').id };
  return { from, link: { ...from, relationship: 'opportunitycompetitors_association', target } };
}

function rowToFind(fixture: CatalogFixture) {
  const name = fixture.text();
  fixture.add('competitor');
  return { name, id: fixture.add('competitor', { name }).id };
}

function fetchOf(name: string): string {
  const condition = `<condition attribute="name" operator="eq" value="${name}"/>`;
  return `<fetch><entity name="competitor"><attribute name="name"/><filter>${condition}</filter></entity></fetch>`;
}
