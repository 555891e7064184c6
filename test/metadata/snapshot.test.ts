import { expect } from 'chai';
import { createStandardModel } from '../../packages/sandbox/src/model/standard-model.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { buildTableSchema } from '../../src/metadata/build-table-schema.ts';
import { readSnapshot, writeSnapshot } from '../../src/metadata/snapshot.ts';
import { createTableLoader } from '../../src/metadata/table-loader.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { metadataOf } from '../support/metadata.ts';

const tables = metadataOf(createStandardModel());
const text = writeSnapshot(
  { origin: 'https://contoso.crm.dynamics.com', takenAt: '2026-01-31T08:00:00Z' },
  tables,
);

describe('metadata snapshots', () => {
  it('return the tables that were written', async () => {
    const source = readSnapshot(text);
    expect(source.origin).to.equal('https://contoso.crm.dynamics.com');
    expect((await source.listTables()).length).to.equal(tables.length);
    expect(await source.getTable('incident')).to.deep.equal(tables.find(({ name }) => name === 'incident'));
    expect(await source.getTable('nothing')).to.equal(undefined);
  });

  it('reject any other file with SETTING_INVALID', () => {
    for (const other of ['', '{}', '<xml/>', text.split('\n')[1]!]) {
      expect(() => readSnapshot(other))
        .to.throw(ConnectorError)
        .with.property('code', 'SETTING_INVALID');
    }
  });
});

describe('createTableLoader', () => {
  it('loads the tables that a check needs and repeats the check', async () => {
    let runs = 0;
    const found = await createTableLoader(readSnapshot(text)).runCheck((schema) => {
      runs++;
      const target = schema.table('incident')?.navigation('customerid_account')?.target;
      return target && schema.table(target)?.table.entitySet;
    });
    expect(found).to.equal('accounts');
    expect(runs).to.equal(3);
  });

  it('loads a limited number of tables', async () => {
    const read: string[] = [];
    const source = { ...readSnapshot(text), getTable: async (name: string) => void read.push(name) };
    await createTableLoader(source).runCheck((schema) => tables.map(({ name }) => schema.table(name)));
    expect(read.length).to.equal(16);
  });
});

describe('buildTableSchema', () => {
  const table = tables.find(({ name }) => name === 'incident')!;
  const schema = buildTableSchema(table, 'create') as { properties: Record<string, Record<string, unknown>> };

  it('includes the labels of choices and the tables of lookups', () => {
    expect(JSON.stringify(schema.properties.prioritycode)).to.include('{"const":1,"title":"High"}');
    expect(schema.properties.customerid!['x-lookup']).to.include({
      account: 'customerid_account',
      contact: 'customerid_contact',
    });
  });

  it('is smaller than 20 KB for a case', () => expect(JSON.stringify(schema).length).to.be.below(20_000));

  it('gives a schema that the validator accepts', () => {
    const { properties } = schema;
    for (const [name, property] of Object.entries(properties)) {
      const { 'x-lookup': _, 'x-recommended': __, ...plain } = property;
      expect(createValidator().issues(plain, null), name).to.be.an('array');
    }
  });
});
