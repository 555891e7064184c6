import { formatSeconds, type WindowQuery } from './cursor.ts';
import type { PollContext } from './poll-context.ts';
import type { WireRow } from './row-reader-port.ts';

/** Wire name of the column that holds the deadline. */
export function dueColumn({ trigger, table }: Pick<PollContext, 'trigger' | 'table'>): string {
  return table.columns.find(({ name }) => name === trigger.watch.due)!.wireName;
}

/** The deadline of a row in milliseconds; undefined where it has none. */
export function dueMsOf(row: WireRow, column: string): number | undefined {
  const value = row[column];
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Deadlines from one time to another, both included: times have second precision, and many may be equal. */
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
