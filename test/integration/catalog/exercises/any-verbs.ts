import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise } from './fixture.ts';

/** Any table, any operation, any request, any query. */
export const anyVerbs: Readonly<Record<string, Exercise>> = {
  async 'record.create'(stage) {
    const customer = { table: 'contact', id: stage.add('contact').id };
    const values = { name: stage.text(), estimatedvalue: 12.5, customerid: customer };
    const { id } = await stage.run('record.create', { table: 'opportunity', values });
    const stored = stage.stored('opportunity', id)!;
    expect(stored).to.deep.include({ ...values, estimatedvalue: '12.5000' });
  },

  async 'record.get'(stage) {
    const { id, values } = stage.add('competitor', { tickersymbol: 'KTL' });
    const row = await stage.run('record.get', { table: 'competitor', id });
    expect(row).to.include({ id, name: values.name, tickersymbol: 'KTL' });
  },

  async 'record.list'(stage) {
    const name = stage.text();
    const { id } = stage.add('competitor', { name });
    stage.add('competitor');
    const input = { table: 'competitor', filter: `name eq '${name}'`, select: ['name'] };
    expect(await stage.run('record.list', input)).to.deep.equal([{ id, competitorid: id, name }]);
  },

  async 'record.update'(stage) {
    const { id, values } = stage.add('competitor', { tickersymbol: 'KTL', strengths: 'many' });
    const changes = { tickersymbol: 'POT', strengths: null };
    await stage.run('record.update', { table: 'competitor', id, values: changes });
    expect(stage.stored('competitor', id)).to.include({ ...changes, name: values.name });
  },

  async 'record.upsert'(stage) {
    const id = crypto.randomUUID();
    for (const name of [stage.text(), stage.text()]) {
      await stage.run('record.upsert', { table: 'competitor', id, values: { name } });
      expect(stage.stored('competitor', id)).to.include({ name });
    }
  },

  async 'record.delete'(stage) {
    const { id } = stage.add('competitor');
    await stage.run('record.delete', { table: 'competitor', id });
    expect(stage.stored('competitor', id)).to.equal(undefined);
  },

  async 'record.associate'(stage) {
    const { from, link } = rivals(stage);
    await stage.run('record.associate', link);
    expect(stage.linked(from, link.relationship, 'competitor')).to.deep.equal([link.target.id]);
  },

  async 'record.disassociate'(stage) {
    const { from, link } = rivals(stage);
    await stage.client.run('record.associate', link);
    await stage.run('record.disassociate', link);
    expect(stage.linked(from, link.relationship, 'competitor')).to.deep.equal([]);
  },

  async 'operation.call'(stage) {
    const team = { table: 'team', id: stage.add('team').id };
    const parameters = {
      Members: [{ '@odata.type': 'Microsoft.Dynamics.CRM.systemuser', ownerid: stage.me.id }],
    };
    await stage.run('operation.call', { name: 'AddMembersTeam', kind: 'action', on: team, parameters });
    expect(stage.linked(team, 'teammembership_association', 'user')).to.deep.equal([stage.me.id]);
  },

  async 'changeset.run'(stage) {
    const name = stage.text();
    const steps: JsonObject[] = [
      { name: 'customer', action: 'account.create', input: { name } },
      { action: 'contact.create', input: { lastName: name, company: { from: 'customer' } } },
    ];
    const [account, contact] = await stage.run<readonly JsonObject[]>('changeset.run', { steps });
    const { id } = account!.output as JsonObject;
    const person = stage.stored('contact', String((contact!.output as JsonObject).id));
    expect(person?.parentcustomerid).to.deep.equal({ table: 'account', id });
  },

  async 'request.send'(stage) {
    const { id } = stage.add('account');
    const request = { method: 'PATCH', path: `/accounts(${id})`, body: { address1_city: 'Berlin' } };
    expect(await stage.run('request.send', request)).to.have.property('status', 204);
    expect(stage.stored('account', id)).to.include({ address1_city: 'Berlin' });
  },

  async 'record.search'(stage) {
    const [word, note] = ['Samovar', 'The samovar leaks.'];
    const lead = stage.add('lead', { subject: word, description: note });
    const competitor = stage.add('competitor', { name: `${word} & sons` });
    stage.add('competitor');
    const search = (input: JsonObject) =>
      stage.run<readonly JsonObject[]>('record.search', { text: word.toLowerCase(), ...input });
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

  async 'query.fetch'(stage) {
    const { name, id } = rowToFind(stage);
    const found = await stage.run<readonly JsonObject[]>('query.fetch', {
      table: 'competitor',
      query: fetchOf(name),
    });
    expect(found.map((row) => [row.competitorid, row.name])).to.deep.equal([[id, name]]);
  },

  async 'query.view'(stage) {
    const { name, id } = rowToFind(stage);
    const view = { name: stage.text(), returnedtypecode: 'competitor', fetchxml: fetchOf(name) };
    for (const [table, personal] of [
      ['savedquery', false],
      ['userquery', true],
    ] as const) {
      stage.add(table, view);
      const found = await stage.run<readonly JsonObject[]>('query.view', { name: view.name, personal });
      expect(found.map((row) => [row.competitorid, row.name])).to.deep.equal([[id, name]]);
    }
  },
};

function rivals(stage: CatalogFixture) {
  const from = { table: 'opportunity', id: stage.add('opportunity').id };
  const target = { table: 'competitor', id: stage.add('competitor').id };
  return { from, link: { ...from, relationship: 'opportunitycompetitors_association', target } };
}

function rowToFind(stage: CatalogFixture) {
  const name = stage.text();
  stage.add('competitor');
  return { name, id: stage.add('competitor', { name }).id };
}

function fetchOf(name: string): string {
  const condition = `<condition attribute="name" operator="eq" value="${name}"/>`;
  return `<fetch><entity name="competitor"><attribute name="name"/><filter>${condition}</filter></entity></fetch>`;
}
