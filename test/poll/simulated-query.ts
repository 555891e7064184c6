import type { WireRow } from '../../src/poll/row-reader-port.ts';

/** A row as the simulated organization keeps it. */
export interface StoredRow {
  readonly id: string;
  readonly version: number;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** One letter: who changed it last. */
  readonly by: string;
  readonly columns: WireRow;
}

/** The row on the wire: times without fractions of a second, and a title that tells its version. */
export function asRow({ id, version, createdMs, modifiedMs, by, columns }: StoredRow): WireRow {
  return {
    '@odata.etag': `W/"${version}"`,
    incidentid: id,
    createdon: toSeconds(createdMs),
    modifiedon: toSeconds(modifiedMs),
    _modifiedby_value: userId(by),
    title: String(version),
    ...columns,
  };
}

export function userId(letter: string): string {
  return `${letter.repeat(8)}-0000-4000-8000-000000000000`;
}

type Comparable = string | number;

function cellOf(record: StoredRow, column: string): Comparable {
  if (column === 'versionnumber') return record.version;
  return asRow(record)[column] as Comparable;
}

/** Compares by an `$orderby`. */
export function compareBy(orderBy: string): (a: StoredRow, b: StoredRow) => number {
  const keys = orderBy.split(',').map((part) => part.split(' ') as [string, string]);
  return (a, b) => {
    for (const [column, direction] of keys) {
      const [x, y] = [cellOf(a, column), cellOf(b, column)];
      if (x !== y) return x < y === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  };
}

const comparisons: Record<string, (a: Comparable, b: Comparable) => boolean> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  le: (a, b) => a <= b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
};

/** Whether a row passes a filter: "or" of "and" of `(?column operator value)?`. */
export function matches(record: StoredRow, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  return filter.split(' or ').some((side) =>
    side.split(' and ').every((clause) => {
      const [, column, operator, text] = /^\(?(\w+) (eq|ne|ge|gt|le) ([^()]+)\)?$/.exec(clause)!;
      const value = cellOf(record, column!);
      return comparisons[operator!]!(value, typeof value === 'number' ? Number(text) : text!);
    }),
  );
}

function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
