import type { Clock, Log } from 'dynamics365-connector';
import {
  findRowsById,
  maxPageSize,
  normalizeGuid,
  type RowFacts,
  type RowReader,
  type Table,
  type WireRow,
} from 'dynamics365-connector/host';
import type { PageLimit } from './page-limit.ts';
import type { TableStore } from './table-store.ts';

/** Times and sizes of a mirror. */
export interface MirrorLimits {
  /** How far back the window over changes reaches for transactions that commit late. */
  readonly overlapMs: number;
  /** How often the whole window is read; less often if that takes long. */
  readonly windowEveryMs: number;
  /** How often a restore of the organization is looked for. */
  readonly checkEveryMs: number;
  /** How often the keys of all rows are compared. */
  readonly walkEveryMs: number;
  /** How often columns are compared. */
  readonly columnsEveryMs: number;
  /** Rows of a page with all columns, and of keys alone. */
  readonly pageSize: number;
  readonly keyPageSize: number;
}

const minute = 60_000;

export const defaultLimits: MirrorLimits = {
  overlapMs: 10 * minute,
  windowEveryMs: minute,
  checkEveryMs: 15 * minute,
  walkEveryMs: 24 * 60 * minute,
  columnsEveryMs: minute,
  pageSize: 1000,
  keyPageSize: maxPageSize,
};

/** Readers of one table: next links belong to the page size of their query, so each kind of read has its own. */
export interface TableReaders {
  /** Pages of all columns, in the order of the keys. Each is requested while the one before it is written. */
  readonly load: RowReader;
  /** Keys and versions, likewise, while no changes are read. */
  readonly firstWalk: RowReader;
  /** Keys and versions. */
  readonly keys: RowReader;
  /** Changed rows. */
  readonly changes: RowReader;
}

/** What the steps of one table share. */
export interface TableContext {
  readonly table: Table;
  readonly store: TableStore;
  readonly readers: TableReaders;
  readonly limits: MirrorLimits;
  readonly pages: PageLimit;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** The wire names of all columns. */
export function selectOf({ store }: Pick<TableContext, 'store'>): readonly string[] {
  return [...new Set(store.columns.map(({ wireName }) => wireName))];
}

/** The wire names of key, version and time. */
export function selectKeysOf({ table, store }: Pick<TableContext, 'table' | 'store'>): readonly string[] {
  const names = selectOf({ store });
  return [table.key, ...['versionnumber', 'modifiedon'].filter((name) => names.includes(name))];
}

/** These rows with all columns, as far as they exist, by id. */
export async function readRows(
  context: Pick<TableContext, 'table' | 'store' | 'readers'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RowFacts>> {
  if (ids.length === 0) return new Map();
  const { table, readers } = context;
  // The table from metadata has all columns; the facts that are selected besides cost nothing.
  const found = await findRowsById({ reader: readers.changes, table }, ids, selectOf(context));
  return new Map(found.map((facts) => [facts.id, facts]));
}

/** The id of a row; undefined if it has none, which no table of a mirror has. */
export function idOf(row: WireRow, { key }: Pick<Table, 'key'>): string | undefined {
  return normalizeGuid(row[key]);
}

/** Splits a list. */
export function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}
