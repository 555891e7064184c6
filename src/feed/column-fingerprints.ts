import { fingerprintOf } from '../run/column-fingerprint.ts';
import type { WireRow } from './row-reader-port.ts';
import { type RowRecord, unreadRow } from './row-records.ts';

/** How the watched columns of a row compare with its record. */
export interface ColumnComparison {
  readonly fingerprints: RowRecord['fingerprints'];
  /** Columns with another value than before. */
  readonly changed: readonly string[];
  /** Columns whose value before is unknown. */
  readonly uncertain: readonly string[];
}

/** A row as it was read, and the watched columns (wire names). */
export interface WatchedRow {
  readonly row: WireRow;
  readonly columns: readonly string[];
}

/**
 * Compares the watched columns with those of the record. A value that the walk over all rows has read after a change
 * that no read of changes had met does not tell the value before.
 */
export function compareColumns(
  { row, columns }: WatchedRow,
  { fingerprints: before, uncertainColumns }: RowRecord = unreadRow,
): ColumnComparison {
  const fingerprints: Record<string, string> = { ...before };
  const changed: string[] = [];
  const uncertain: string[] = [];
  for (const column of columns) {
    const fingerprint = fingerprintOf(row, column);
    const known = before[column];
    if (known === undefined || uncertainColumns.includes(column)) uncertain.push(column);
    else if (known !== fingerprint) changed.push(column);
    fingerprints[column] = fingerprint;
  }
  return { fingerprints, changed, uncertain };
}

/** Whether one of the recorded columns has another value. */
export function hasOtherValues(row: WireRow, { fingerprints }: RowRecord): boolean {
  return Object.entries(fingerprints).some(([column, known]) => fingerprintOf(row, column) !== known);
}

/**
 * Adds the values of columns that the record does not have. Returns the same record if it has all of them. `isUnread`: the
 * row may have a version that no read of changes has met.
 */
export function addBaseline(
  before: RowRecord | undefined,
  { row, columns }: WatchedRow,
  isUnread: boolean,
): RowRecord {
  const record = before ?? unreadRow;
  const missing = columns.filter((column) => record.fingerprints[column] === undefined);
  if (missing.length === 0) return record;
  const added = Object.fromEntries(missing.map((column) => [column, fingerprintOf(row, column)]));
  return {
    ...record,
    fingerprints: { ...record.fingerprints, ...added },
    uncertainColumns: isUnread ? [...record.uncertainColumns, ...missing] : record.uncertainColumns,
  };
}
