import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, VerbExercise } from './fixture.ts';
import { keyOf, sampleRow } from './samples.ts';
import { asStored, expectStored } from './stored.ts';

/** Many rows of a table in one call; each is looked for in the database by a text of its own. */
export const manyVerbs: Readonly<Record<string, VerbExercise>> = {
  async 'create-many'(stage, table, action) {
    const rows = samples(stage, table);
    expect(await stage.run(action, { rows })).to.deep.equal({ written: rows.length, failed: [] });
    expectAll(stage, table, rows);
  },

  async 'update-many'(stage, table, action) {
    const before = samples(stage, table).map((row) => stage.add(table.name, asStored(table, row)));
    const rows = samples(stage, table).map((row, at): JsonObject => ({ ...row, id: before[at]!.id }));
    expect(await stage.run(action, { rows })).to.deep.equal({ written: rows.length, failed: [] });
    for (const row of rows) expectStored(stage, table, row, row.id);
  },

  async 'upsert-many'(stage, table, action) {
    const name = keyOf(stage, table);
    const [first, ...others] = samples(stage, table);
    const { id } = stage.add(table.name, asStored(table, first!));
    const changed = { ...sampleRow(stage, table, 1), [name]: first![name]! };
    const rows = [changed, ...others];
    const answer = await stage.run(action, { rows, matchOn: [name] });
    expect(answer).to.deep.equal({ written: rows.length, failed: [] });
    expectStored(stage, table, changed, id);
    expectAll(stage, table, rows);
  },
};

/** Enough rows that they travel together. */
function samples(stage: CatalogFixture, table: Table): readonly JsonObject[] {
  return Array.from({ length: 5 }, (_, at) => sampleRow(stage, table, at % 2 === 0 ? 0 : 1));
}

function expectAll(stage: CatalogFixture, table: Table, rows: readonly JsonObject[]): void {
  for (const row of rows) {
    const mark = table.columns.find(({ type, required }) => required && type === 'string')!;
    const found = stage.rowsWith(table.name, { [mark.logicalName]: String(row[mark.name]) });
    expect(found.length, String(row[mark.name])).to.equal(1);
    expectStored(stage, table, row, found[0]!.id);
  }
}
