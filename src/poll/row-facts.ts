import { isGuid } from '../model/guid.ts';
import type { Json } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { parseEtagVersion, readEtag } from '../odata/row-annotations.ts';
import type { WireRow } from './row-reader-port.ts';

/** What the poller reads of a row, whatever else stands in it. */
export interface RowFacts {
  /** Lower case. */
  readonly id: string;
  /** From the etag, which is text: as a JSON number a version above 2^53 would lose digits. */
  readonly version: bigint;
  /** Milliseconds; 0 when the column cannot be read. */
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Lower case. */
  readonly modifiedBy?: string;
  readonly row: WireRow;
}

const factColumns = ['createdon', 'modifiedon', '_modifiedby_value'];

/** Wire names to select: what the poller needs to know of a row, and all of these columns. */
export function selectFactColumns({ key }: Table, columns: readonly TableColumn[]): readonly string[] {
  return [...new Set([key, ...factColumns, ...columns.map(({ wireName }) => wireName)])];
}

/** The facts of a row, or undefined when its key cannot be read: such a row cannot be told from others. */
export function readFacts(row: WireRow, key: string): RowFacts | undefined {
  const id = normalizeGuid(row[key]);
  if (id === undefined) return undefined;
  const modifiedMs = readTime(row.modifiedon);
  const modifiedBy = normalizeGuid(row._modifiedby_value);
  return {
    id,
    version: readVersion(row) ?? BigInt(modifiedMs),
    createdMs: readTime(row.createdon),
    modifiedMs,
    ...(modifiedBy === undefined ? {} : { modifiedBy }),
    row,
  };
}

/** A GUID in lower case, or undefined. */
export function normalizeGuid(value: Json | undefined): string | undefined {
  return typeof value === 'string' && isGuid(value) ? value.toLowerCase() : undefined;
}

function readVersion(row: WireRow): bigint | undefined {
  const etag = readEtag(row);
  const digits = etag === undefined ? undefined : parseEtagVersion(etag);
  return digits === undefined ? undefined : BigInt(digits);
}

function readTime(value: Json | undefined): number {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? 0 : ms;
}
