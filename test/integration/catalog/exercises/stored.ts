import { expect } from 'chai';
import type {
  ColumnValue,
  ColumnValues,
  EntityReference,
} from '../../../../packages/sandbox/src/store/types.ts';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { Table, TableColumn } from '../../../../src/model/table.ts';
import type { CatalogFixture } from './fixture.ts';

/** Converts a row to the form of the database: numbers of choices, logical names of tables. */
export function asStored({ columns }: Table, row: JsonObject): ColumnValues {
  const known = columns.filter(({ name }) => row[name] !== undefined);
  return Object.fromEntries(
    known.map((column) => [column.logicalName, storedValue(column, row[column.name]!)]),
  );
}

function storedValue({ type, choices, targets }: TableColumn, value: Json): ColumnValue {
  if (value === null) return null;
  if (type === 'choice')
    return typeof value === 'string' ? Number(choices![value]) : (value as { value: number }).value;
  if (type === 'decimal') return Number(value);
  if (type !== 'lookup') return value as ColumnValue;
  const { table, id } = value as { table: string; id: string };
  return { table: targets!.find((target) => target.table === table)?.logicalName ?? table, id };
}

/** Asserts that the database has the same values as a row. */
export function expectStored(
  fixture: CatalogFixture,
  table: Table,
  row: JsonObject,
  id: Json | undefined,
): void {
  const stored = fixture.stored(table.name, id);
  expect(stored, `${table.name} ${id}`).to.not.equal(undefined);
  const expected = asStored(table, row);
  const found = Object.keys(expected).map((name) => [name, plain(stored![name] ?? null, expected[name]!)]);
  expect(Object.fromEntries(found)).to.deep.equal(expected);
}

/** A stored value without display names; the database stores money as digits. */
function plain(stored: ColumnValue, expected: ColumnValue): ColumnValue {
  if (typeof expected === 'number' && typeof stored === 'string') return Number(stored);
  return stored !== null && typeof stored === 'object'
    ? { table: stored.table, id: (stored as EntityReference).id }
    : stored;
}

/** The people of an activity as the sandbox stores them: role and id, `2 2a8f…`; without its owner and what it regards. */
export function rolesOf({ rowsWith }: CatalogFixture, activityid: Json | undefined): readonly string[] {
  return rowsWith('activityparty', { activityid: String(activityid) })
    .filter(({ values }) => Number(values.participationtypemask) <= 7)
    .map(({ values }) => `${values.participationtypemask} ${(values.partyid as EntityReference).id}`)
    .sort();
}
