import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { CatalogFixture, Exercise } from './fixture.ts';

/** A GIF of one pixel. */
const image = 'R0lGODlhAQABAAAAACwAAAAAAQABAAA=';

/** A row of a table that has a file column and an image column. */
function rowWithFiles({ sandbox, add }: CatalogFixture): { readonly table: string; readonly id: string } {
  const { store } = sandbox.organization;
  const table = store.model.table('account');
  if (table && store.model.attribute(table, 'new_contract') === undefined) {
    store.addColumn('account', {
      ...{ logicalName: 'new_contract', schemaName: 'new_Contract', displayName: 'Contract', type: 'File' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
    });
  }
  return { table: 'account', id: add('account').id };
}

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

  async 'record.summarize'(fixture) {
    const { id } = fixture.add('account');
    for (const estimatedvalue of [100, 300]) {
      const parentaccountid = { table: 'account', id };
      fixture.add('opportunity', { name: fixture.text(), estimatedvalue, parentaccountid });
    }
    const sales = { table: 'opportunity', filter: `_parentaccountid_value eq ${id}` };
    const measures = { groupBy: ['parentaccountid'], sum: 'estimatedvalue', average: 'estimatedvalue' };
    const groups = await fixture.run<readonly JsonObject[]>('record.summarize', { ...sales, ...measures });
    expect(groups).to.have.length(1);
    expect(groups[0]).to.deep.include({ sum: 400, average: 200, count: 2 });
    const cases = { table: 'case', groupBy: ['priority', 'owner'] };
    const counts = await fixture.run<readonly { readonly count: number }[]>('record.summarize', cases);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    expect(total).to.equal(fixture.rowsWith('case', {}).length);
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

  async 'record.create-many'(fixture) {
    const rows = competitors(fixture);
    const output = await fixture.run('record.create-many', { table: 'competitor', rows });
    expect(output).to.deep.equal({ written: rows.length, failed: [] });
    for (const { name, tickersymbol } of rows)
      expect(fixture.rowsWith('competitor', { name, tickersymbol }).length).to.equal(1);
  },

  async 'record.update-many'(fixture) {
    const rows = competitors(fixture).map((row) => ({ ...row, id: fixture.add('competitor').id }));
    const output = await fixture.run('record.update-many', { table: 'competitor', rows });
    expect(output).to.deep.equal({ written: rows.length, failed: [] });
    for (const { id, ...row } of rows) expect(fixture.stored('competitor', id)).to.include(row);
  },

  async 'record.upsert-many'(fixture) {
    const known = fixture.add('competitor').id;
    const rows = competitors(fixture).map((row, at) => ({
      ...row,
      id: at === 0 ? known : crypto.randomUUID(),
    }));
    const output = await fixture.run('record.upsert-many', { table: 'competitor', rows, matchOn: ['id'] });
    expect(output).to.deep.equal({ written: rows.length, failed: [] });
    for (const { id, ...row } of rows) expect(fixture.stored('competitor', id)).to.include(row);
  },

  async 'record.delete-many'(fixture) {
    const ids = competitors(fixture).map(() => fixture.add('competitor').id);
    const output = await fixture.run('record.delete-many', { table: 'competitor', ids });
    expect(output).to.deep.equal({ written: ids.length, failed: [] });
    for (const id of ids) expect(fixture.stored('competitor', id)).to.equal(undefined);
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

  async 'record.upload-file'(fixture) {
    const file = { fileName: 'contract 1.txt', mimeType: 'text/plain', content: btoa('signed') };
    const row = rowWithFiles(fixture);
    const upload = { ...row, ...file };
    expect(await fixture.run('record.upload-file', { ...upload, column: 'new_contract' })).to.deep.equal({
      size: 6,
    });
    const [attachment] = fixture.rowsWith('fileattachment', { objectid: { table: 'account', id: row.id } });
    expect(attachment?.values).to.include({
      ...{ filename: file.fileName, mimetype: 'text/plain', filesizeinbytes: '6' },
    });
    await fixture.run('record.upload-file', { ...upload, column: 'entityimage', content: image });
    expect(fixture.stored('account', row.id)).to.include({ entityimage: image });
  },

  async 'record.download-file'(fixture) {
    const row = rowWithFiles(fixture);
    const file = { fileName: 'contract 1.txt', mimeType: 'text/plain', content: btoa('signed') };
    await fixture.client.run('record.upload-file', { ...row, column: 'new_contract', ...file });
    const found = await fixture.run('record.download-file', { ...row, column: 'new_contract' });
    expect(found).to.deep.equal({ ...file, size: 6 });
    await fixture.client.run('record.update', { ...row, values: { entityimage: image } });
    const picture = await fixture.run('record.download-file', { ...row, column: 'entityimage' });
    expect(picture).to.include({ content: image, mimeType: 'image/gif' });
  },

  async 'record.search'(fixture) {
    const [word, note] = ['Samovar', 'The samovar leaks.'];
    // Another run of this exercise may have left its rows.
    for (const table of ['lead', 'competitor'])
      for (const { id } of fixture.rowsWith(table, {})) fixture.remove(table, id);
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

/** Enough rows for a bulk message. */
function competitors(fixture: CatalogFixture) {
  return Array.from({ length: 5 }, (_, at) => ({ name: fixture.text(), tickersymbol: `T${at}` }));
}
