import type { ColumnValues } from '../../../../packages/sandbox/src/store/types.ts';
import type { Json, JsonObject } from '../../../../src/index.ts';
import type { Table, TableColumn } from '../../../../src/model/table.ts';
import type { CatalogFixture, Link } from './fixture.ts';
import { asStored } from './stored.ts';

/** Two rows that differ wherever they can: other texts, other choices, lookups to other tables. */
export type SampleIndex = 0 | 1;

/** A row of a table in our words, with a value for every column that can be written. */
export function sampleRow(stage: CatalogFixture, table: Table, which: SampleIndex = 0): JsonObject {
  const columns = table.columns.filter(({ writable }) => writable);
  return Object.fromEntries(
    columns.map((column) => [column.name, sampleValue(stage, { table, column, which })]),
  );
}

/** Somebody for every role that an activity has: `{ to: [{ table, id }] }`. */
export function sampleParties(
  stage: CatalogFixture,
  { parties = [] }: Table,
): Readonly<Record<string, readonly Link[]>> {
  const people = parties.map(({ name, role, targets }) => {
    const { table, logicalName } = targets[role % targets.length]!;
    return [name, [{ table, id: stage.add(logicalName).id }]] as const;
  });
  return Object.fromEntries(people);
}

function sampleValue(
  stage: CatalogFixture,
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
      return which === 0;
    case 'date':
      return `2026-12-3${which}`;
    case 'date-time':
      return `2026-12-3${which}T09:00:00Z`;
    case 'choice':
      return pick(openChoices(stage, table, column), which);
    case 'lookup': {
      const { table: name, logicalName } = pick(column.targets!, which);
      return { table: name, id: stage.add(logicalName).id };
    }
    default:
      return column.logicalName.includes('emailaddress')
        ? `${stage.text().replace(' ', '')}@example.com`
        : stage.text();
  }
}

/**
 * A row as it may stand in the database, with a value for every column that we know, those included that nobody
 * may write. The second one is in another state.
 */
export function storedSample(stage: CatalogFixture, table: Table, which: SampleIndex = 0): ColumnValues {
  const system = /^(created|modified)(on|by)$|^fullname$|^statuscode$/;
  const columns = table.columns.filter(
    ({ logicalName, type }) => logicalName !== table.key && type !== 'bigint' && !system.test(logicalName),
  );
  const row = columns.map((column) => [column.name, sampleValue(stage, { table, column, which })] as const);
  return asStored(table, Object.fromEntries(row));
}

/** Our name of the column that the stage has made an alternate key of. */
export function keyOf({ sandbox }: CatalogFixture, { logicalName, columns }: Table): string {
  const { keys } = sandbox.organization.store.model.table(logicalName)!;
  return columns.find(({ logicalName }) => logicalName === keys[0]!.columns[0])!.name;
}

/** The label of a choice's number. */
export function labelOf({ choices }: TableColumn, value: number): string {
  return Object.keys(choices!).find((label) => choices![label] === value)!;
}

/** The labels of a choice; of a status reason those of a row that is still open. */
function openChoices(
  { sandbox }: CatalogFixture,
  table: Table,
  { logicalName, choices }: TableColumn,
): readonly string[] {
  const { model } = sandbox.organization.store;
  const { type, options } = model.attribute(model.table(table.logicalName)!, logicalName)!;
  const open = options!.filter(({ state }) => type !== 'Status' || state === 0).map(({ value }) => value);
  return Object.keys(choices!).filter((label) => open.includes(choices![label]!));
}

function pick<Item>(items: readonly Item[], which: SampleIndex): Item {
  return items[which % items.length]!;
}
