import type { Table } from '../model/table.ts';
import { formatSeconds, type WindowQuery } from './cursor.ts';
import type { ResolvedWatch } from './feed.ts';
import type { WireRow } from './row-reader-port.ts';

/** The wire name of the column with the deadline; undefined if the trigger has none. */
export function dueColumnOf({ due }: Pick<ResolvedWatch, 'due'>, table: Table): string | undefined {
  return due === undefined ? undefined : table.columns.find(({ name }) => name === due)?.wireName;
}

/** The deadline of a row in milliseconds; undefined if it has none. */
export function dueMsOf(row: WireRow, column: string): number | undefined {
  const value = row[column];
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** The query for deadlines between two times, both included: times have second precision, and many may be equal. */
export function dueQuery(
  { due, key }: { readonly due: string; readonly key: string },
  fromMs: number,
  untilMs: number,
): WindowQuery {
  return {
    filter: `${due} ge ${formatSeconds(fromMs)} and ${due} le ${formatSeconds(untilMs)}`,
    orderBy: `${due} asc,${key} asc`,
  };
}
