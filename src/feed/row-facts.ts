import { isGuid } from '../model/guid.ts';
import type { Json } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { parseEtagVersion, readEtag } from '../odata/row-annotations.ts';
import { isMetadataTable } from '../run/metadata-table.ts';
import type { WireRow } from './row-reader-port.ts';

/** The values of a row that a feed needs. */
export interface RowFacts {
  /** Lower case. */
  readonly id: string;
  /** `versionnumber`; for a table without that column, the version in the ETag, which has no documented meaning. */
  readonly version: bigint;
  /** In milliseconds; 0 if the column is missing or invalid. */
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Lower case. */
  readonly modifiedBy?: string;
  readonly row: WireRow;
}

const versionColumn = 'versionnumber';
const factColumns = ['createdon', 'modifiedon', '_modifiedby_value'];

/** The wire names of all columns of a table. */
export function wireNamesOf({ columns }: Pick<Table, 'columns'>): readonly string[] {
  return columns.map(({ wireName }) => wireName);
}

/** The wire names to select: those of the facts that the table has, and these columns. */
export function selectFactColumns(table: Table, wireNames: readonly string[]): readonly string[] {
  // A table schema does not have all columns, metadata has.
  const known = wireNamesOf(table);
  const facts = isMetadataTable(table) ? factColumns.filter((name) => known.includes(name)) : factColumns;
  const version = known.includes(versionColumn) ? [versionColumn] : [];
  return [...new Set([table.key, ...facts, ...version, ...wireNames])];
}

/** The facts of a row; undefined if its key is missing or invalid. */
export function readFacts(row: WireRow, key: string): RowFacts | undefined {
  const id = normalizeGuid(row[key]);
  if (id === undefined) return undefined;
  const modifiedMs = readTime(row.modifiedon);
  return {
    id,
    version: readVersion(row) ?? BigInt(modifiedMs),
    createdMs: readTime(row.createdon),
    modifiedMs,
    modifiedBy: normalizeGuid(row._modifiedby_value),
    row,
  };
}

/** The facts of the rows of a page, without rows whose key is missing or invalid: those are dead letters. */
export async function readPageFacts(
  rows: readonly WireRow[],
  key: string,
  addDeadLetter: (row: WireRow) => Promise<void>,
): Promise<readonly RowFacts[]> {
  const found: RowFacts[] = [];
  for (const row of rows) {
    const facts = readFacts(row, key);
    if (facts === undefined) await addDeadLetter(row);
    else found.push(facts);
  }
  return found;
}

/** The later of created and modified, in milliseconds. */
export function lastChangeMs({ createdMs, modifiedMs }: RowFacts): number {
  return Math.max(createdMs, modifiedMs);
}

/** A GUID in lower case; undefined for anything else. */
export function normalizeGuid(value: Json | undefined): string | undefined {
  return typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined;
}

function readVersion(row: WireRow): bigint | undefined {
  const { [versionColumn]: version } = row;
  // A number that a double would round is the text of its digits.
  if (/^\d{1,19}$/.test(String(version))) return BigInt(String(version));
  const etag = readEtag(row);
  const digits = etag === undefined ? undefined : parseEtagVersion(etag);
  return digits === undefined ? undefined : BigInt(digits);
}

function readTime(value: Json | undefined): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}
