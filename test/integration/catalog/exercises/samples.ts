import type { ColumnValues } from '../../../../packages/sandbox/src/store/types.ts';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { Table, TableColumn } from '../../../../src/model/table.ts';
import type { CatalogFixture, Link } from './fixture.ts';
import { asStored } from './stored.ts';

/** Which of two sample rows; they differ in texts, choices, and target tables of lookups. */
export type SampleIndex = 0 | 1;

/** A row of a table by our names, with a value for every writable column. */
export function sampleRow(fixture: CatalogFixture, table: Table, which: SampleIndex = 0): JsonObject {
  const columns = table.columns.filter(({ writable }) => writable);
  const row = Object.fromEntries(
    columns.map((column) => [column.name, sampleValue(fixture, { table, column, which })]),
  );
  activateEntitlement(fixture, row, row.customer as Link | undefined);
  return row;
}

/** Makes the entitlement of a case, if it has one, active for its customer, as Dataverse requires. */
export function activateEntitlement(
  fixture: CatalogFixture,
  { entitlement }: JsonObject,
  customerid: Link | undefined,
): void {
  if (entitlement === undefined || entitlement === null || customerid === undefined) return;
  fixture.change('entitlement', (entitlement as Link).id, { customerid, statecode: 1, statuscode: 1 });
}

/** A party for every role of an activity: `{ to: [{ table, id }] }`. */
export function sampleParties(
  fixture: CatalogFixture,
  { parties = [] }: Table,
): Readonly<Record<string, readonly Link[]>> {
  const people = parties.map(({ name, role, targets }) => {
    const { table, logicalName } = targets[role % targets.length]!;
    return [name, [{ table, id: fixture.add(logicalName).id }]] as const;
  });
  return Object.fromEntries(people);
}

function sampleValue(
  fixture: CatalogFixture,
  {
    table,
    column,
    which,
  }: { readonly table: Table; readonly column: TableColumn; readonly which: SampleIndex },
): Json {
  switch (column.type) {
    case 'uuid':
      return crypto.randomUUID();
    case 'integer':
      return 40 + which;
    case 'decimal':
      return which === 0 ? '1250.5' : 99;
    case 'boolean':
      // With `isrevenuesystemcalculated`, Dataverse replaces the revenue of the row.
      return which === 0 && column.logicalName !== 'isrevenuesystemcalculated';
    case 'date':
      return `2026-12-3${which}`;
    case 'date-time':
      return `2026-12-3${which}T09:00:00Z`;
    case 'choice':
      return pick(openChoices(fixture, table, column), which);
    case 'lookup': {
      const { table: name, logicalName } = pick(column.targets!, which);
      return { table: name, id: fixture.add(logicalName).id };
    }
    default:
      return column.logicalName.includes('emailaddress')
        ? `${fixture.text().replace(' ', '')}@example.com`
        : fixture.text();
  }
}

/**
 * A row as the database stores it, with a value for every column of the schema, read-only ones included. The second
 * sample has another state.
 */
export function storedSample(fixture: CatalogFixture, table: Table, which: SampleIndex = 0): ColumnValues {
  const system = /^(created|modified)(on|by)$|^fullname$|^statuscode$/;
  const columns = table.columns.filter(
    ({ logicalName, type }) => logicalName !== table.key && type !== 'bigint' && !system.test(logicalName),
  );
  const row = columns.map((column) => [column.name, sampleValue(fixture, { table, column, which })] as const);
  return asStored(table, Object.fromEntries(row));
}

/** Our name of the column that the fixture defines as an alternate key. */
export function keyOf({ sandbox }: CatalogFixture, { logicalName, columns }: Table): string {
  const { keys } = sandbox.organization.store.model.table(logicalName)!;
  return columns.find(({ logicalName }) => logicalName === keys[0]!.columns[0])!.name;
}

/** The label of a choice value. */
export function labelOf({ choices }: TableColumn, value: number): string {
  return Object.keys(choices!).find((label) => choices![label] === value)!;
}

/** The labels of a choice; for a status reason, only those of the open state. */
function openChoices(
  { sandbox }: CatalogFixture,
  table: Table,
  { logicalName, choices }: TableColumn,
): readonly string[] {
  const { model } = sandbox.organization.store;
  const { type, options } = model.attribute(model.table(table.logicalName)!, logicalName)!;
  const open = options!.filter(({ state }) => type !== 'Status' || state === 0).map(({ value }) => value);
  return Object.keys(choices!).filter((label) => open.includes(Number(choices![label])));
}

function pick<Item>(items: readonly Item[], which: SampleIndex): Item {
  return items[which % items.length]!;
}
