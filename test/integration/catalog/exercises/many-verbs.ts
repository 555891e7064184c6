import { expect } from 'chai';
import type { JsonObject } from '../../../../src/index.ts';
import type { Table } from '../../../../src/model/table.ts';
import type { CatalogFixture, VerbExercise } from './fixture.ts';
import { keyOf, sampleRow } from './samples.ts';
import { asStored, expectStored } from './stored.ts';

/** Actions on many rows of a table. Each row is found in the database by a unique text. */
export const manyVerbs: Readonly<Record<string, VerbExercise>> = {
  async 'create-many'(fixture, table, action) {
    const rows = samples(fixture, table);
    expect(await fixture.run(action, { rows })).to.deep.equal({ written: rows.length, failed: [] });
    expectAll(fixture, table, rows);
  },

  async 'update-many'(fixture, table, action) {
    const before = samples(fixture, table).map((row) => fixture.add(table.name, asStored(table, row)));
    const rows = samples(fixture, table).map((row, at): JsonObject => ({ ...row, id: before[at]!.id }));
    expect(await fixture.run(action, { rows })).to.deep.equal({ written: rows.length, failed: [] });
    for (const row of rows) expectStored(fixture, table, row, row.id);
  },

  async 'upsert-many'(fixture, table, action) {
    const name = keyOf(fixture, table);
    const [first, ...others] = samples(fixture, table);
    const { id } = fixture.add(table.name, asStored(table, first!));
    const changed = { ...sampleRow(fixture, table, 1), [name]: first![name]! };
    const rows = [changed, ...others];
    const output = await fixture.run(action, { rows, matchOn: [name] });
    expect(output).to.deep.equal({ written: rows.length, failed: [] });
    expectStored(fixture, table, changed, id);
    expectAll(fixture, table, rows);
  },
};

/** Enough rows for a bulk message. */
function samples(fixture: CatalogFixture, table: Table): readonly JsonObject[] {
  return Array.from({ length: 5 }, (_, at) => sampleRow(fixture, table, at % 2 === 0 ? 0 : 1));
}

function expectAll(fixture: CatalogFixture, table: Table, rows: readonly JsonObject[]): void {
  for (const row of rows) {
    const mark = table.columns.find(({ type, required }) => required && type === 'string')!;
    const found = fixture.rowsWith(table.name, { [mark.logicalName]: String(row[mark.name]) });
    expect(found.length, String(row[mark.name])).to.equal(1);
    expectStored(fixture, table, row, found[0]!.id);
  }
}
