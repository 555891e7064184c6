import { expect } from 'chai';
import type { ActionDefinition, Client, ConnectorDefinition, JsonSchema } from 'dynamics365-connector';
import { readCustomColumns } from '../src/documents/custom-columns.ts';
import { createDocumentCache } from '../src/documents/document-cache.ts';
import type { DocumentScope } from '../src/documents/document-scope.ts';

const scopeOf = (connection: string, columns: readonly string[] = []): DocumentScope => ({
  ...{ definition: {} as ConnectorDefinition, actions: [], triggers: [], url: 'http://localhost' },
  connection,
  customColumns: new Map(columns.map((name) => [name, { type: 'string' } as JsonSchema])),
});

describe('service: documents that are made', () => {
  it('once for all who ask, again when the organization has other columns, and not kept without end', async () => {
    const made: string[] = [];
    const make = async ({ connection = '', customColumns }: DocumentScope) => {
      made.push(connection);
      return { connection, columns: [...(customColumns ?? new Map()).keys()] };
    };
    const { read } = createDocumentCache(2);
    const [first, second] = await Promise.all([read(make, scopeOf('a')), read(make, scopeOf('a'))]);
    expect(first).to.equal('{"connection":"a","columns":[]}');
    expect(second).to.equal(first);
    expect(await read(make, scopeOf('b'))).to.equal('{"connection":"b","columns":[]}');
    expect(await read(make, scopeOf('a', ['new_tier']))).to.equal(
      '{"connection":"a","columns":["new_tier"]}',
    );
    expect(made).to.deep.equal(['a', 'b', 'a']);
    await read(make, scopeOf('a'));
    expect(made).to.deep.equal(['a', 'b', 'a', 'a']);
  });

  it('again after a failure', async () => {
    let attempts = 0;
    const make = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('Too many operations.');
      return {};
    };
    const { read } = createDocumentCache();
    const failure = await read(make, scopeOf('a')).catch((error: Error) => error.message);
    expect(failure).to.equal('Too many operations.');
    expect(await read(make, scopeOf('a'))).to.equal('{}');
  });

  it('with the columns of all tables, which are read at the same time', async () => {
    const names = ['account', 'contact', 'case'];
    const input = { properties: { customColumns: { type: 'object' } } } as unknown as JsonSchema;
    const actions = names.map((name) => ({ id: `${name}.update`, input }) as ActionDefinition);
    const table = (name: string) => [name, { columns: [{ logicalName: 'known' }] }] as const;
    const { promise: allAsked, resolve } = Promise.withResolvers<void>();
    const asked: string[] = [];
    const client = {
      async tableSchema(name: string) {
        if (asked.push(name) === names.length) resolve();
        await allAsked;
        if (name === 'case') throw new Error('The user may not read this table.');
        return { properties: { known: {}, [`new_${name}`]: {} } };
      },
    } as unknown as Client;
    const tables = Object.fromEntries(names.map(table)) as unknown as ConnectorDefinition['tables'];
    const columns = await readCustomColumns(client, { tables } as ConnectorDefinition, actions);
    expect([...columns.keys()]).to.deep.equal(['account', 'contact']);
    expect(Object.keys(columns.get('contact')?.properties ?? {})).to.deep.equal(['new_contact']);
  });
});
