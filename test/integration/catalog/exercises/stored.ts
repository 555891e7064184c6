import { expect } from 'chai';
import type {
  ColumnValue,
  ColumnValues,
  EntityReference,
} from '../../../../packages/sandbox/src/store/types.ts';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { Table, TableColumn } from '../../../../src/model/table.ts';
import type { CatalogFixture } from './fixture.ts';

/** A row in our words as it stands in the database: numbers of choices, names of tables as Dataverse has them. */
export function asStored({ columns }: Table, row: JsonObject): ColumnValues {
  const known = columns.filter(({ name }) => row[name] !== undefined);
  return Object.fromEntries(
    known.map((column) => [column.logicalName, storedValue(column, row[column.name]!)]),
  );
}

function storedValue({ type, choices, targets }: TableColumn, value: Json): ColumnValue {
  if (value === null) return null;
  if (type === 'choice')
    return typeof value === 'string' ? choices![value]! : (value as { value: number }).value;
  if (type === 'decimal') return Number(value);
  if (type !== 'lookup') return value as ColumnValue;
  const { table, id } = value as { table: string; id: string };
  return { table: targets!.find((target) => target.table === table)?.logicalName ?? table, id };
}

/** Says that every column of a row in our words is what the database has. */
export function expectStored(
  stage: CatalogFixture,
  table: Table,
  row: JsonObject,
  id: Json | undefined,
): void {
  const stored = stage.stored(table.name, id);
  expect(stored, `${table.name} ${id}`).to.not.equal(undefined);
  const wanted = asStored(table, row);
  const found = Object.keys(wanted).map((name) => [name, plain(stored![name] ?? null, wanted[name]!)]);
  expect(Object.fromEntries(found)).to.deep.equal(wanted);
}

/** Money is kept as digits. */
function plain(stored: ColumnValue, wanted: ColumnValue): ColumnValue {
  if (typeof wanted === 'number' && typeof stored === 'string') return Number(stored);
  return stored !== null && typeof stored === 'object'
    ? { table: stored.table, id: (stored as EntityReference).id }
    : stored;
}

/** `2 2a8f…` for everybody who sends a message or gets it: role and id, as the organization has them. */
export function rolesOf({ rowsWith }: CatalogFixture, activityid: Json | undefined): readonly string[] {
  return rowsWith('activityparty', { activityid: String(activityid) })
    .filter(({ values }) => Number(values.participationtypemask) <= 4)
    .map(({ values }) => `${values.participationtypemask} ${(values.partyid as EntityReference).id}`)
    .sort();
}
