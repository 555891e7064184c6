import type { WireRow } from '../../src/feed/row-reader-port.ts';
import type { ComparisonOperator, Filter, Literal } from '../../src/odata/query/ast.ts';
import { parseFilter } from '../../src/odata/query/parse-filter.ts';

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

/** A value of the row on the wire, without writing all of it: queries compare far more rows than they answer. */
function cellOf(record: StoredRow, column: string): Comparable {
  if (column in record.columns) return record.columns[column] as Comparable;
  switch (column) {
    case 'versionnumber':
      return record.version;
    case 'createdon':
      return toSeconds(record.createdMs);
    case 'modifiedon':
      return toSeconds(record.modifiedMs);
    default:
      return asRow(record)[column] as Comparable;
  }
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

const comparisons: Record<ComparisonOperator, (a: Comparable, b: Comparable) => boolean> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  le: (a, b) => a <= b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
  lt: (a, b) => a < b,
};

/** Judges rows by a filter of comparisons. */
export function createMatcher(filter: string | undefined): (record: StoredRow) => boolean {
  if (filter === undefined) return () => true;
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new Error(`cannot parse ${filter}`);
  return (record) => matchesTree(record, parsed.value);
}

function matchesTree(record: StoredRow, filter: Filter): boolean {
  if (filter.kind === 'and') return filter.terms.every((term) => matchesTree(record, term));
  if (filter.kind === 'or') return filter.terms.some((term) => matchesTree(record, term));
  if (filter.kind !== 'compare' || filter.left.kind !== 'path' || filter.right.kind === 'path')
    throw new Error(`unexpected ${filter.kind}`);
  const cell = cellOf(record, filter.left.segments[0] ?? '') ?? null;
  if (filter.right.kind === 'null') return (cell === null) === (filter.operator === 'eq');
  if (cell === null) return filter.operator === 'ne';
  return comparisons[filter.operator](cell, literalValue(filter.right));
}

function literalValue(literal: Literal): Comparable {
  if (literal.kind === 'number') return Number(literal.text);
  if ('text' in literal) return literal.text;
  return literal.kind === 'string' ? literal.value : '';
}

function toSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -'.000Z'.length)}Z`;
}
