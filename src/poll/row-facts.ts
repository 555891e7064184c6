import { isGuid } from '../model/guid.ts';
import type { Json } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { parseEtagVersion, readEtag } from '../odata/row-annotations.ts';
import type { WireRow } from './row-reader-port.ts';

/** The values of a row that a poll needs. */
export interface RowFacts {
  /** Lower case. */
  readonly id: string;
  /** From the ETag, which is text: as a JSON number, a version above 2^53 would lose digits. */
  readonly version: bigint;
  /** In milliseconds; 0 if the column is missing or invalid. */
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** Lower case. */
  readonly modifiedBy?: string;
  readonly row: WireRow;
}

const factColumns = ['createdon', 'modifiedon', '_modifiedby_value'];

/** The wire names to select: those of the facts, and these columns. */
export function selectFactColumns({ key }: Table, columns: readonly TableColumn[]): readonly string[] {
  return [...new Set([key, ...factColumns, ...columns.map(({ wireName }) => wireName)])];
}

/** The facts of a row; undefined if its key is missing or invalid. */
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

/** A GUID in lower case; undefined for anything else. */
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
