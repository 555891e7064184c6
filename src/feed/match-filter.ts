import type { Json } from '../model/json.ts';
import type { ColumnType, Table } from '../model/table.ts';
import type { Comparison, ComparisonOperator, Filter, Literal, Operand } from '../odata/query/ast.ts';
import { parseFilter } from '../odata/query/parse-filter.ts';
import type { WireRow } from './row-reader-port.ts';

/** A filter that judges a row as Dataverse would. */
export interface RowFilter {
  /** Wire names of the columns that a row must have. */
  readonly columns: ReadonlySet<string>;
  readonly matches: RowMatcher;
}

type RowMatcher = (row: WireRow) => boolean;

type Value = number | string | boolean;

/**
 * Compiles a filter to a function, or returns undefined if only Dataverse can judge it: text depends on the collation of
 * the organization, and related rows and the clock are not in the row. What can be judged: comparisons of choices,
 * numbers, lookups, ids, yes/no, dates and times with a value or null, joined by and, or, not.
 */
export function compileFilter(text: string, table: Table): RowFilter | undefined {
  const parsed = parseFilter(text);
  if (!parsed.ok) return undefined;
  const columns = new Set<string>();
  const matches = compile(parsed.value, { table, columns }, false);
  return matches && { columns, matches };
}

/** The table of the filter, and the columns that it uses: they are collected. */
interface FilterScope {
  readonly table: Table;
  readonly columns: Set<string>;
}

/** `negated` pushes a negation down to the comparisons, because Dataverse's `ne` also matches rows without a value. */
function compile(filter: Filter, scope: FilterScope, negated: boolean): RowMatcher | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => compile(term, scope, negated));
      if (!terms.every((term) => term !== undefined)) return undefined;
      const needsAll = (filter.kind === 'and') !== negated;
      return (row) => (needsAll ? terms.every((term) => term(row)) : terms.some((term) => term(row)));
    }
    case 'not':
      return compile(filter.term, scope, !negated);
    case 'compare':
      return compileComparison(filter, scope, negated);
    default:
      return undefined;
  }
}

const negatedOperators = { eq: 'ne', ne: 'eq', gt: 'le', ge: 'lt', lt: 'ge', le: 'gt' } as const;
const mirroredOperators = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const;

function compileComparison(
  comparison: Comparison,
  { table, columns }: FilterScope,
  negated: boolean,
): RowMatcher | undefined {
  const { path, literal, operator } = orient(comparison, negated);
  const column =
    path?.kind === 'path' && path.segments.length === 1
      ? table.columns.find(({ wireName }) => wireName === path.segments[0])
      : undefined;
  if (column === undefined || literal.kind === 'path') return undefined;
  columns.add(column.wireName);
  if (literal.kind === 'null') {
    if (operator === 'eq') return (row) => isMissing(row[column.wireName]);
    return operator === 'ne' ? (row) => !isMissing(row[column.wireName]) : () => false;
  }
  const wanted = valueOfLiteral(literal, column.type);
  if (wanted === undefined || (typeof wanted !== 'number' && operator !== 'eq' && operator !== 'ne'))
    return undefined;
  return (row) => {
    const value = row[column.wireName];
    if (isMissing(value)) return operator === 'ne';
    const actual = valueOfColumn(value, column.type);
    return actual !== undefined && compareValues(actual, operator, wanted);
  };
}

function orient({ left, right, operator }: Comparison, negated: boolean) {
  const effective: ComparisonOperator = negated ? negatedOperators[operator] : operator;
  if (left.kind === 'path') return { path: left as Operand, literal: right, operator: effective };
  return { path: right, literal: left, operator: mirroredOperators[effective] };
}

function isMissing(value: Json | undefined): value is null | undefined {
  return value === null || value === undefined;
}

/** The value of a literal for a column of this type; undefined if they are not compared here. */
function valueOfLiteral(literal: Literal, type: ColumnType): Value | undefined {
  switch (type) {
    case 'integer':
    case 'decimal':
    case 'choice':
      return literal.kind === 'number' ? Number(literal.text) : undefined;
    case 'boolean':
      return literal.kind === 'boolean' ? literal.value : undefined;
    case 'lookup':
    case 'uuid':
      return literal.kind === 'guid' ? literal.text : undefined;
    case 'date-time':
      // Rows are returned with whole seconds, so a fraction of a second cannot be compared here.
      return literal.kind === 'datetime' && !literal.text.includes('.')
        ? Date.parse(literal.text)
        : undefined;
    case 'date':
      return literal.kind === 'date' ? Date.parse(literal.text) : undefined;
    default:
      return undefined;
  }
}

function valueOfColumn(value: Json, type: ColumnType): Value | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'lookup':
    case 'uuid':
      return typeof value === 'string' ? value.toLowerCase() : undefined;
    case 'date-time':
    case 'date':
      return typeof value === 'string' ? Date.parse(value) : undefined;
    default:
      return typeof value === 'number' || typeof value === 'string' ? Number(value) : undefined;
  }
}

function compareValues(actual: Value, operator: ComparisonOperator, wanted: Value): boolean {
  switch (operator) {
    case 'eq':
      return actual === wanted;
    case 'ne':
      return actual !== wanted;
    case 'gt':
      return actual > wanted;
    case 'ge':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'le':
      return actual <= wanted;
  }
}
