import type { Filter, OrderItem } from 'dynamics365-connector/odata';
import { isLookup } from '../../model/attribute.ts';
import type { Attribute } from '../../model/types.ts';
import { quoteIdentifier, type SqlValue } from '../database.ts';
import { guidOrderSql } from '../guid-order.ts';
import { comparableSql } from '../sql-columns.ts';
import type { QueryCompilation } from './compilation.ts';
import type { ScopedColumn, TableScope } from './scope.ts';

/** One sort key. Rows without a value come first, or last in descending order. */
export interface OrderKey {
  readonly sql: string;
  readonly descending: boolean;
  /** Integers are read as text, because they can exceed JavaScript's safe integers. */
  readonly isInteger: boolean;
}

const integerTypes = new Set([
  'Integer',
  'BigInt',
  'Decimal',
  'Money',
  'Boolean',
  'Picklist',
  'State',
  'Status',
]);

/** A sort key on a column. Lookups are sorted by the name of the referenced row, choices by their number. */
export function createOrderKey(column: ScopedColumn, descending: boolean, scope: TableScope): OrderKey {
  const { attribute, alias, sql } = column;
  const name = isLookup(attribute) ? targetNameSql(attribute, alias, scope) : undefined;
  return { sql: name ?? sql, descending, isInteger: integerTypes.has(attribute.type) };
}

function targetNameSql(attribute: Attribute, alias: string, scope: TableScope): string | undefined {
  const name = referencedNameSql({ attribute, alias }, scope.compilation, comparableSql);
  return name === undefined ? undefined : `${name} COLLATE NOCASE`;
}

/** The primary name of the row that a lookup references; undefined when no target has one. */
export function referencedNameSql(
  { attribute, alias }: Pick<ScopedColumn, 'attribute' | 'alias'>,
  compilation: QueryCompilation,
  nameSql: (name: Attribute, alias: string) => string,
): string | undefined {
  const { model } = compilation;
  const tables = new Set(attribute.targets?.map((target) => target.table));
  const names = [...tables].flatMap((name) => {
    const table = model.table(name);
    const nameColumn = table?.primaryName && model.attribute(table, table.primaryName);
    if (!table || !nameColumn) return [];
    const target = compilation.nextAlias();
    const id = `${target}.${quoteIdentifier(table.primaryId)} = ${alias}.${quoteIdentifier(attribute.logicalName)}`;
    return [`(SELECT ${nameSql(nameColumn, target)} FROM ${quoteIdentifier(name)} AS ${target} WHERE ${id})`];
  });
  if (names.length === 0) return undefined;
  return names.length === 1 ? names[0] : `coalesce(${names.join(', ')})`;
}

/** Columns that increase with time and have an index. */
const timeColumns = new Set(['createdon', 'modifiedon', 'versionnumber']);

/** The first time column that a filter bounds: without `$orderby`, rows are read in the order of its index. */
export function findBoundedTimeColumn(filter: Filter | undefined): OrderItem | undefined {
  if (filter?.kind === 'and')
    return filter.terms.map(findBoundedTimeColumn).find((item) => item !== undefined);
  if (filter?.kind !== 'compare' || filter.operator === 'eq' || filter.operator === 'ne') return undefined;
  const { left, right } = filter;
  if (left.kind !== 'path' || right.kind === 'path' || !timeColumns.has(left.segments.join('/')))
    return undefined;
  return { path: left, direction: 'asc', start: left.start, end: left.end };
}

/** The sort keys of a query. The last one is unique, so that the order is total. */
export function createOrderKeys(items: readonly OrderItem[], scope: TableScope): readonly OrderKey[] {
  const keys = items.map(({ path, direction }) =>
    createOrderKey(scope.column(path.segments), direction === 'desc', scope),
  );
  const isTotal = items.some(({ path }) => path.segments.join() === scope.table.primaryId);
  return isTotal ? keys : [...keys, createPrimaryKeyOrderKey(scope)];
}

/** The order of rows with equal sort values: that of their ids in SQL Server. */
export function createPrimaryKeyOrderKey({ alias, table }: TableScope): OrderKey {
  const sql = guidOrderSql(`${alias}.${quoteIdentifier(table.primaryId)}`);
  return { sql, descending: false, isInteger: false };
}

export const orderBySql = (keys: readonly OrderKey[]): string =>
  ` ORDER BY ${keys.map(({ sql, descending }) => (descending ? `${sql} DESC` : sql)).join(', ')}`;

/** Selects the sort values of a row as `$o0`, `$o1`, … */
export const orderValuesSql = (keys: readonly OrderKey[]): string[] =>
  keys.map(({ sql, isInteger }, index) => `${isInteger ? `CAST(${sql} AS TEXT)` : sql} AS "$o${index}"`);

/** The condition that rows come after the row with these sort values. */
export function afterRowSql(
  keys: readonly OrderKey[],
  values: readonly (string | number | null)[],
  bind: (value: SqlValue) => string,
): string {
  const bound = keys.map((key, index) => {
    const value = values[index] ?? null;
    return value === null ? null : bind(key.isInteger ? BigInt(value) : value);
  });
  const [first] = keys;
  const limit = first && bound[0] && !first.descending ? `${first.sql} >= ${bound[0]} AND ` : '';
  return `(${limit}${afterKeysSql(keys, bound)})`;
}

function afterKeysSql(keys: readonly OrderKey[], bound: readonly (string | null)[]): string {
  const [key, ...others] = keys;
  const [value, ...rest] = bound;
  if (!key || value === undefined) return '0';
  const same = value === null ? `${key.sql} IS NULL` : `${key.sql} = ${value}`;
  const more = others.length > 0 ? ` OR (${same} AND ${afterKeysSql(others, rest)})` : '';
  return `(${beyondValueSql(key, value)}${more})`;
}

/** Null comes before all values. */
function beyondValueSql({ sql, descending }: OrderKey, value: string | null): string {
  if (value === null) return descending ? '0' : `${sql} IS NOT NULL`;
  return descending ? `(${sql} < ${value} OR ${sql} IS NULL)` : `${sql} > ${value}`;
}
