import type { Filter, OrderItem } from 'dynamics365-connector/odata';
import { isLookup } from '../../model/attribute.ts';
import type { Attribute, TableModel } from '../../model/types.ts';
import { quoteIdentifier, type SqlValue } from '../database.ts';
import { comparableSql } from '../sql-columns.ts';
import type { ScopedColumn, TableScope } from './scope.ts';

/** One key of an order: rows without a value come first, or last when it descends. */
export interface OrderKey {
  readonly sql: string;
  readonly descending: boolean;
  /** Whole numbers leave SQLite as text, because they may be too large for JavaScript's. */
  readonly isInteger: boolean;
}

const wholeNumbers = new Set([
  'Integer',
  'BigInt',
  'Decimal',
  'Money',
  'Boolean',
  'Picklist',
  'State',
  'Status',
]);

/** An order key on a column. Lookups are ordered by the name of the row they point at, choices by their number. */
export function createOrderKey(column: ScopedColumn, descending: boolean, scope: TableScope): OrderKey {
  const { attribute, alias, sql } = column;
  const name = isLookup(attribute) ? targetNameSql(attribute, alias, scope) : undefined;
  return { sql: name ?? sql, descending, isInteger: wholeNumbers.has(attribute.type) };
}

function targetNameSql(attribute: Attribute, alias: string, scope: TableScope): string | undefined {
  const { model } = scope.compilation;
  const tables = new Set(attribute.targets?.map((target) => target.table));
  const names = [...tables].flatMap((name) => {
    const table = model.table(name);
    const shown = table?.primaryName && model.attribute(table, table.primaryName);
    if (!table || !shown) return [];
    const target = scope.compilation.nextAlias();
    const id = `${target}.${quoteIdentifier(table.primaryId)} = ${alias}.${quoteIdentifier(attribute.logicalName)}`;
    return [
      `(SELECT ${comparableSql(shown, target)} FROM ${quoteIdentifier(name)} AS ${target} WHERE ${id})`,
    ];
  });
  if (names.length === 0) return undefined;
  return `${names.length === 1 ? names[0] : `coalesce(${names.join(', ')})`} COLLATE NOCASE`;
}

/** Columns that grow with time and have an index. */
const timeColumns = new Set(['createdon', 'modifiedon', 'versionnumber']);

/** The first column of time that a filter bounds: a list without an order comes along it, straight from its index. */
export function findBoundedTimeColumn(filter: Filter | undefined): OrderItem | undefined {
  if (filter?.kind === 'and')
    return filter.terms.map(findBoundedTimeColumn).find((item) => item !== undefined);
  if (filter?.kind !== 'compare' || filter.operator === 'eq' || filter.operator === 'ne') return undefined;
  const { left, right } = filter;
  if (left.kind !== 'path' || right.kind === 'path' || !timeColumns.has(left.segments.join('/')))
    return undefined;
  return { path: left, direction: 'asc', start: left.start, end: left.end };
}

/** The order of a list: what was asked, then the row's own place, so that no two rows are equal. */
export function createOrderKeys(items: readonly OrderItem[], scope: TableScope): readonly OrderKey[] {
  const keys = items.map(({ path, direction }) =>
    createOrderKey(scope.column(path.segments), direction === 'desc', scope),
  );
  const decided = items.some(({ path }) => path.segments.join() === scope.table.primaryId);
  return decided ? keys : [...keys, createInsertionOrderKey(scope)];
}

/** The place of a row in its table; a view has none, there it is the id. */
export function createInsertionOrderKey(scope: TableScope): OrderKey {
  return {
    sql: `${scope.alias}.${quoteIdentifier(insertionOrderColumn(scope.table))}`,
    descending: false,
    isInteger: !scope.table.view,
  };
}

const insertionOrderColumn = (table: TableModel): string => (table.view ? table.primaryId : '$row');

export const orderBySql = (keys: readonly OrderKey[]): string =>
  ` ORDER BY ${keys.map(({ sql, descending }) => (descending ? `${sql} DESC` : sql)).join(', ')}`;

/** The values of the keys of a row, read as `$o0`, `$o1`, ... */
export const orderValuesSql = (keys: readonly OrderKey[]): string[] =>
  keys.map(({ sql, isInteger }, index) => `${isInteger ? `CAST(${sql} AS TEXT)` : sql} AS "$o${index}"`);

/** Rows that come after a row with these values. */
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

/** Nothing is less than null, everything else is greater. */
function beyondValueSql({ sql, descending }: OrderKey, value: string | null): string {
  if (value === null) return descending ? '0' : `${sql} IS NOT NULL`;
  return descending ? `(${sql} < ${value} OR ${sql} IS NULL)` : `${sql} > ${value}`;
}
