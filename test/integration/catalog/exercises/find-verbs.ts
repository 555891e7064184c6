import { expect } from 'chai';
import type { ColumnValue, EntityReference } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, VerbExercise } from './fixture.ts';
import { keyOf, labelOf, sampleRow, storedSample } from './samples.ts';
import { asStored, expectStored } from './stored.ts';

/** The reads of any table: by id and key, with each filter of the list, by each searched column, and counts. */
export const findVerbs: Readonly<Record<string, VerbExercise>> = {
  async get(fixture, table, action) {
    const { id } = fixture.add(table.name, storedSample(fixture, table));
    const row = await fixture.run(action, { id });
    expect(row.id).to.equal(id);
    expect(Object.keys(row)).to.have.members(table.columns.map(({ name }) => name));
    expectStored(fixture, table, row, id);
  },

  async 'get-by-key'(fixture, table, action) {
    const name = keyOf(fixture, table);
    const sample = sampleRow(fixture, table);
    const { id } = fixture.add(table.name, asStored(table, sample));
    fixture.add(table.name);
    const row = await fixture.run(action, { [name]: sample[name]! });
    expect(row.id).to.equal(id);
    expectStored(fixture, table, row, id);
  },

  async list(fixture, table, action) {
    const { id } = fixture.add(table.name, storedSample(fixture, table, 0));
    fixture.add(table.name, storedSample(fixture, table, 1));
    const ids = (input: JsonObject) => idsOf(fixture, action, { limit: 5000, ...input });
    const everything = fixture.rowsWith(table.name, {}).map((row) => row.id);
    expect(await ids({})).to.have.members(everything);
    for (const { input, column, value } of filtersOf(fixture, action, { table, id })) {
      const expected = fixture.rowsWith(table.name, { [column]: value }).map((row) => row.id);
      expect(expected.length).to.be.within(1, everything.length - 1, column);
      expect(await ids(input), column).to.have.members(expected);
    }
    expect(await ids({ filter: `${table.key} eq ${id}` })).to.deep.equal([id]);
    expect(await ids({ createdSince: '2999-01-01T00:00:00Z' })).to.deep.equal([]);
    expect(await ids({ limit: 1 })).to.have.length(1);
  },

  async search(fixture, table, action) {
    const columns = searchedColumns(fixture, action, 'text');
    expect(columns).to.not.deep.equal([]);
    for (const column of columns) {
      const text = fixture.text();
      const { id } = fixture.add(table.name, { [column]: `A ${text}.` });
      expect(await idsOf(fixture, action, { text: `${text}.` }), column).to.deep.equal([id]);
    }
  },

  async count(fixture, table, action) {
    const [column] = searchedColumns(fixture, action, 'search');
    const text = fixture.text();
    for (const mark of ['a', 'b', 'c']) fixture.add(table.name, { [column!]: `${text}, ${mark}` });
    expect(await fixture.run<number>(action, { search: `${text},` })).to.equal(3);
    expect(await fixture.run<number>(action, {})).to.equal(fixture.rowsWith(table.name, {}).length);
  },
};

async function idsOf(
  fixture: CatalogFixture,
  action: string,
  input: JsonObject,
): Promise<readonly unknown[]> {
  return (await fixture.run<readonly JsonObject[]>(action, input)).map(({ id }) => id);
}

/** The columns that a search reads. A full name cannot be written, so its last name stands for it. */
function searchedColumns({ client }: CatalogFixture, action: string, input: string): readonly string[] {
  const { url } = client.explain(action, { [input]: 'probe' });
  const columns = decodeURIComponent(url.replaceAll('+', ' ')).matchAll(/contains\((\w+),/g);
  return [...columns].map(([, column]) => (column === 'fullname' ? 'lastname' : column!));
}

/** For each filter of a list: the input that matches a row, and the column and value that all matching rows have. */
function filtersOf(
  { definition, stored }: CatalogFixture,
  action: string,
  { table, id }: { readonly table: Table; readonly id: string },
): readonly { readonly input: JsonObject; readonly column: string; readonly value: ColumnValue }[] {
  const row = stored(table.name, id)!;
  return Object.keys(definition.actions[action]!.input.properties as object).flatMap((name) => {
    const column = table.columns.find((each) => each.name === name || `${each.name}Id` === name);
    if (column === undefined) return [];
    const value = row[column.logicalName] ?? null;
    const label = column.choices && labelOf(column, value as number);
    const input = { [name]: label ?? (value as EntityReference).id ?? value };
    return [{ input, column: column.logicalName, value }];
  });
}
