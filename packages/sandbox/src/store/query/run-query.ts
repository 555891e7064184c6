import { maxPageSize } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { invalidQuery, propertyNotFound } from '../errors.ts';
import { guidOrderSql } from '../guid-order.ts';
import { requireTable } from '../require-table.ts';
import type { StoreQuery, StoreQueryResult } from '../types.ts';
import { QueryCompilation, type QueryContext } from './compilation.ts';
import { expandRows, lookupAttributes } from './expand.ts';
import { filterSql, relatedRowsSql } from './filter.ts';
import {
  afterRowSql,
  createOrderKeys,
  findBoundedTimeColumn,
  type OrderKey,
  orderBySql,
  orderValuesSql,
} from './order.ts';
import { decodePageToken, encodePageToken, type PageCursor } from './page-token.ts';
import { planRead, selectAttributes, toStoredRow } from './read-rows.ts';
import { TableScope } from './scope.ts';

/** The part of a query that selects rows. */
export type RowCondition = Pick<StoreQuery, 'filter' | 'relatedTo' | 'actor'>;

/** Compiles the row conditions of a query. */
export function compileConditions(table: TableModel, request: RowCondition, context: QueryContext) {
  const compilation = new QueryCompilation(context.model, request.actor, context.nowMs);
  const scope = new TableScope(compilation, table);
  const conditions = [
    ...(request.relatedTo ? [relatedToSql(request.relatedTo, scope)] : []),
    ...(request.filter ? [filterSql(request.filter, scope)] : []),
  ];
  return { compilation, scope, conditions };
}

/** The condition that rows belong to a collection of one row. */
function relatedToSql(relatedTo: NonNullable<StoreQuery['relatedTo']>, scope: TableScope): string {
  const { model } = scope.compilation;
  const owner = requireTable(model, relatedTo.table);
  const navigation = model.navigation(owner, relatedTo.navigation);
  if (!navigation) throw propertyNotFound(relatedTo.navigation, owner);
  if (navigation.target !== scope.table.logicalName) {
    throw invalidQuery(`'${navigation.name}' does not lead to '${scope.table.logicalName}'.`);
  }
  return relatedRowsSql(navigation, scope.compilation.bind(relatedTo.id.toLowerCase()), scope);
}

export const whereSql = (conditions: readonly string[]): string =>
  conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';

/** Reads one page of rows. */
export function runQuery(table: TableModel, request: StoreQuery, context: QueryContext): StoreQueryResult {
  const { compilation, scope, conditions } = compileConditions(table, request, context);
  const { model, database } = context;
  const implicitOrder = findBoundedTimeColumn(request.filter);
  const keys = createOrderKeys(request.orderBy ?? (implicitOrder ? [implicitOrder] : []), scope);
  const expand = request.expand ?? [];
  const attributes = [
    ...selectAttributes(model, table, request.select),
    ...lookupAttributes(model, table, expand),
  ];
  const plan = planRead(model, { table, attributes, alias: scope.alias });
  const source = scope.from();
  const cursor = readStartCursor(request, { scope, keys, source }, context);
  const counted = request.count ? countCapped(table, request, context) : undefined;
  const isAfterRow = cursor.lastValues.length > 0;
  if (isAfterRow) conditions.push(afterRowSql(keys, cursor.lastValues, (value) => compilation.bind(value)));

  const pageSize = Math.min(request.pageSize ?? maxPageSize, maxPageSize);
  const limit = Math.max(0, Math.min(pageSize, remainingRows(request, cursor.rowsBefore)));
  const offset = isAfterRow ? 0 : cursor.rowsBefore;
  const order = `${orderBySql(keys)} LIMIT ${compilation.bind(limit + 1)} OFFSET ${compilation.bind(offset)}`;
  const sql = `SELECT ${plan.sql} FROM ${source}${whereSql(conditions)}${order}`;
  const raw = database.all(sql, compilation.values);
  const rows = raw.slice(0, limit).map((each) => toStoredRow(plan, each));
  const rowsRead = cursor.rowsBefore + limit;
  const last = rows.at(-1);
  const more = raw.length > limit && last && remainingRows(request, rowsRead) > 0;
  const lastValues = more ? findCursorValues(last.id, { scope, keys, source }, context) : undefined;
  return {
    rows: expand.length > 0 ? expandRows(rows, { table, items: expand }, context) : rows,
    page: cursor.page,
    next: lastValues && encodePageToken({ page: cursor.page + 1, rowsBefore: rowsRead, lastValues }),
    ...counted,
  };
}

/** The sort keys of a query and its tables. */
interface SortedSource {
  readonly scope: TableScope;
  readonly keys: readonly OrderKey[];
  readonly source: string;
}

/** The sort values of one row; undefined when there is none. */
function findCursorValues(
  id: string,
  { scope, keys, source }: SortedSource,
  { database }: QueryContext,
): PageCursor['lastValues'] | undefined {
  const key = `${scope.alias}.${quoteIdentifier(scope.table.primaryId)}`;
  const { compilation } = scope;
  const sql = `SELECT ${orderValuesSql(keys)} FROM ${source} WHERE ${key} = ${compilation.bind(id)}`;
  const raw = database.get(sql, compilation.values);
  return raw && keys.map((_, index) => (raw[`$o${index}`] ?? null) as string | number | null);
}

function readStartCursor(
  { pageToken, pageStart, pageSize = maxPageSize }: StoreQuery,
  sorted: SortedSource,
  context: QueryContext,
): PageCursor {
  if (pageToken) {
    return decodePageToken(
      pageToken,
      sorted.keys.map(({ isInteger }) => isInteger),
    );
  }
  if (!pageStart) return { page: 1, rowsBefore: 0, lastValues: [] };
  const { page, lastId } = pageStart;
  const lastValues = lastId === undefined ? [] : valuesAfter(lastId.toLowerCase(), sorted, context);
  return { page, rowsBefore: (page - 1) * pageSize, lastValues };
}

/** The sort values of the row with this id. Without such a row, the id says where it would be if rows are sorted by id. */
export function valuesAfter(
  id: string,
  sorted: SortedSource,
  context: QueryContext,
): PageCursor['lastValues'] {
  const found = findCursorValues(id, sorted, context);
  if (found || sorted.keys.length > 1) return found ?? [];
  const raw = context.database.get(`SELECT ${guidOrderSql('?1')} AS value`, [id]);
  return [String(raw?.value)];
}

const remainingRows = ({ top }: StoreQuery, rowsRead: number): number =>
  (top ?? Number.MAX_SAFE_INTEGER) - rowsRead;

function countCapped(table: TableModel, request: StoreQuery, context: QueryContext) {
  const { compilation, scope, conditions } = compileConditions(table, request, context);
  const limit = compilation.bind(maxPageSize + 1);
  const inner = `SELECT 1 FROM ${scope.from()}${whereSql(conditions)} LIMIT ${limit}`;
  const found = context.database.count(`SELECT count(*) AS n FROM (${inner})`, compilation.values);
  return { count: Math.min(found, maxPageSize), countLimitExceeded: found > maxPageSize };
}

/** Counts the matching rows, without a limit. */
export function countRows(table: TableModel, request: RowCondition, context: QueryContext): number {
  const { compilation, scope, conditions } = compileConditions(table, request, context);
  const sql = `SELECT count(*) AS n FROM ${scope.from()}${whereSql(conditions)}`;
  return context.database.count(sql, compilation.values);
}
