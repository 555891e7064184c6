import { expect } from 'chai';
import fc from 'fast-check';
import { compileFilter } from '../../src/feed/match-filter.ts';
import { runtimeOf } from '../../src/host.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Table } from '../../src/model/table.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { caseTable } from './fixtures.ts';

/** Values that rows have and filters compare with, by column. */
const guids = ['6b29fc40-ca47-1067-b31d-00dd010662da', '7c30ad51-db58-2178-c42e-11ee121773eb'];
const operands: Readonly<Record<string, readonly string[]>> = {
  numberofemployees: ['0', '7', '-1', '100', 'null'],
  revenue: ['0', '12.5', '1000000', 'null'],
  industrycode: ['1', '2', 'null'],
  donotphone: ['true', 'false', 'null'],
  _primarycontactid_value: [...guids, 'null'],
  createdon: ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'null'],
  accountid: [...guids, 'null'],
};

function filters(table: Table): fc.Arbitrary<string> {
  const columns = Object.keys(operands).filter((name) =>
    table.columns.some(({ wireName }) => wireName === name),
  );
  const comparison = fc.constantFrom(...columns).chain((column) => {
    const isOrdered = !column.endsWith('id') && !column.startsWith('_') && column !== 'donotphone';
    const operator = fc.constantFrom('eq', 'ne', ...(isOrdered ? ['gt', 'ge', 'lt', 'le'] : []));
    const literal = fc.constantFrom(...(operands[column] ?? []));
    return fc.tuple(operator, literal, fc.boolean()).map(([name, value, isMirrored]) => {
      if (value === 'null') return `${column} ${name === 'eq' ? 'eq' : 'ne'} null`;
      return isMirrored ? `${value} ${name} ${column}` : `${column} ${name} ${value}`;
    });
  });
  return fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      comparison,
      fc
        .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
        .map((parts) => `(${parts.join(' ')})`),
      tie('filter').map((inner) => `not (${inner})`),
    ),
  })).filter;
}

async function readRows({ client }: SandboxClient, filter?: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for await (const page of client.query({ table: 'account', filter })) rows.push(...page);
  return rows;
}

describe('compileFilter', () => {
  let fixture: SandboxClient;
  let table: Table;
  before(async () => {
    fixture = await openSandboxClient();
    const { account } = runtimeOf(fixture.connector).definition.tables;
    if (account === undefined) throw new Error('no table account');
    table = account;
    const { organization, user } = fixture.sandbox;
    const actor = { userId: organization.findSystemUserId(user) ?? '' };
    const insert = (set: string, row: Parameters<typeof organization.store.insert>[1]) =>
      organization.store.insert(set, row, actor).id;
    const contacts = guids.map((contactid) => insert('contact', { contactid, lastname: 'Nguyen' }));
    insert('account', { name: 'Empty', accountid: guids[0] ?? '' });
    for (const [index, id] of [...contacts, null].entries()) {
      insert('account', {
        name: `Account ${index}`,
        numberofemployees: [7, 100, null][index] ?? null,
        revenue: [12.5, 1_000_000, 0][index] ?? null,
        industrycode: [1, null, 2][index] ?? null,
        donotphone: index === 1,
        primarycontactid: id === null ? null : { table: 'contact', id },
      });
    }
  });
  after(() => fixture.close());

  it('judges rows as Dataverse does', async () => {
    const rows = await readRows(fixture);
    expect(rows).to.have.length(4);
    await fc.assert(
      fc.asyncProperty(filters(table), async (filter) => {
        const compiled = compileFilter(filter, table);
        expect(compiled, filter).not.to.equal(undefined);
        const local = rows.filter((row) => compiled?.matches(row)).map(({ name }) => name);
        const remote = (await readRows(fixture, filter)).map(({ name }) => name);
        expect([...local].sort(), filter).to.deep.equal([...remote].sort());
      }),
      { numRuns: Number(process.env.FILTERS ?? 60) },
    );
  });

  it('leaves text, related rows, functions and fractions of a second to Dataverse', () => {
    for (const filter of [
      "title eq 'a'",
      "contains(title,'a')",
      'customerid_account/revenue gt 5',
      "Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
      'createdon gt 2026-01-01T00:00:00.5Z',
      'prioritycode eq 1 and unknowncolumn eq 2',
      'prioritycode eq createdon',
      'prioritycode eq',
    ])
      expect(compileFilter(filter, caseTable), filter).to.equal(undefined);
  });

  it('names the columns that a row must have', () => {
    const compiled = compileFilter('prioritycode eq 1 or not (_queueid_value ne null)', caseTable);
    expect([...(compiled?.columns ?? [])]).to.deep.equal(['prioritycode', '_queueid_value']);
  });
});
