import { expect } from 'chai';
import type { ColumnValue, EntityReference } from '../../../../packages/sandbox/src/store/types.ts';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, VerbExercise } from './fixture.ts';
import { keyOf, labelOf, sampleRow, storedSample } from './samples.ts';
import { asStored, expectStored } from './stored.ts';

/** Rows of any table: read by id and key, listed by each filter, searched by each column, counted. */
export const findVerbs: Readonly<Record<string, VerbExercise>> = {
  async get(stage, table, action) {
    const { id } = stage.add(table.name, storedSample(stage, table));
    const row = await stage.run(action, { id });
    expect(row.id).to.equal(id);
    expect(Object.keys(row)).to.have.members(table.columns.map(({ name }) => name));
    expectStored(stage, table, row, id);
  },

  async 'get-by-key'(stage, table, action) {
    const name = keyOf(stage, table);
    const sample = sampleRow(stage, table);
    const { id } = stage.add(table.name, asStored(table, sample));
    stage.add(table.name);
    const row = await stage.run(action, { [name]: sample[name]! });
    expect(row.id).to.equal(id);
    expectStored(stage, table, row, id);
  },

  async list(stage, table, action) {
    const { id } = stage.add(table.name, storedSample(stage, table, 0));
    stage.add(table.name, storedSample(stage, table, 1));
    const ids = (input: JsonObject) => idsOf(stage, action, { limit: 5000, ...input });
    const everything = stage.rowsWith(table.name, {}).map((row) => row.id);
    expect(await ids({})).to.have.members(everything);
    for (const { input, column, value } of filtersOf(stage, action, { table, id })) {
      const wanted = stage.rowsWith(table.name, { [column]: value }).map((row) => row.id);
      expect(wanted.length).to.be.within(1, everything.length - 1, column);
      expect(await ids(input), column).to.have.members(wanted);
    }
    expect(await ids({ filter: `${table.key} eq ${id}` })).to.deep.equal([id]);
    expect(await ids({ createdSince: '2999-01-01T00:00:00Z' })).to.deep.equal([]);
    expect(await ids({ limit: 1 })).to.have.length(1);
  },

  async search(stage, table, action) {
    const columns = searchedColumns(stage, action, 'text');
    expect(columns).to.not.deep.equal([]);
    for (const column of columns) {
      const text = stage.text();
      const { id } = stage.add(table.name, { [column]: `A ${text}.` });
      expect(await idsOf(stage, action, { text: `${text}.` }), column).to.deep.equal([id]);
    }
  },

  async count(stage, table, action) {
    const [column] = searchedColumns(stage, action, 'search');
    const text = stage.text();
    for (const mark of ['a', 'b', 'c']) stage.add(table.name, { [column!]: `${text}, ${mark}` });
    expect(await stage.run<number>(action, { search: `${text},` })).to.equal(3);
    expect(await stage.run<number>(action, {})).to.equal(stage.rowsWith(table.name, {}).length);
  },
};

async function idsOf(stage: CatalogFixture, action: string, input: JsonObject): Promise<readonly unknown[]> {
  return (await stage.run<readonly JsonObject[]>(action, input)).map(({ id }) => id);
}

/** The columns that a text is looked for in; a full name is written by its last part. */
function searchedColumns({ client }: CatalogFixture, action: string, input: string): readonly string[] {
  const { url } = client.explain(action, { [input]: 'probe' });
  const columns = decodeURIComponent(url.replaceAll('+', ' ')).matchAll(/contains\((\w+),/g);
  return [...columns].map(([, column]) => (column === 'fullname' ? 'lastname' : column!));
}

/** For each filter of a list: the input that asks for rows like this one, and what they have in common. */
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
