import type { Json } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { readFormattedValue } from '../odata/row-annotations.ts';
import type { ResolvedWatch } from './feed.ts';
import type { WireRow } from './row-reader-port.ts';

/** The columns whose changes a trigger reports; empty if it reports changes of any column. */
export function watchedColumns(
  { columns }: Pick<ResolvedWatch, 'columns'>,
  table: Table,
): readonly TableColumn[] {
  return table.columns.filter(({ name }) => columns.includes(name));
}

/**
 * Whether a row has the values of `changedTo`: labels or numbers of choices, ids or display names of lookups; `*`
 * matches any value.
 */
export function hasChangedTo(
  changedTo: ResolvedWatch['changedTo'],
  columns: readonly TableColumn[],
  row: WireRow,
): boolean {
  return columns.every((column) => {
    const expected = changedTo?.[column.name];
    return expected === undefined || expected === '*' || matchesValue(row, column, expected);
  });
}

function matchesValue(row: WireRow, { type, wireName, choices }: TableColumn, expected: Json): boolean {
  const value = row[wireName] ?? null;
  if (typeof expected !== 'string') return value === expected;
  if (type === 'lookup')
    return isSameText(value, expected) || isSameText(readFormattedValue(row, wireName), expected);
  const isLabel = choices !== undefined && Object.hasOwn(choices, expected);
  return value === (isLabel ? choices[expected] : expected);
}

function isSameText(value: Json | undefined, wanted: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}
