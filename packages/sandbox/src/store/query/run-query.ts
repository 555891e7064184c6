import { maxPageSize } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import { invalidQuery, propertyNotFound } from '../errors.ts';
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
  const cursor = readStartCursor(request, keys);
  const counted = request.count ? countCapped(table, request, context) : undefined;
  if (request.pageToken)
    conditions.push(afterRowSql(keys, cursor.lastValues, (value) => compilation.bind(value)));

  const pageSize = Math.min(request.pageSize ?? maxPageSize, maxPageSize);
  const limit = Math.max(0, Math.min(pageSize, remainingRows(request, cursor.rowsBefore)));
  const order = `${orderBySql(keys)} LIMIT ${compilation.bind(limit + 1)}`;
  const source = scope.from();
  const sql = `SELECT ${plan.sql} FROM ${source}${whereSql(conditions)}${order}`;
  const raw = database.all(sql, compilation.values);
  const rows = raw.slice(0, limit).map((each) => toStoredRow(plan, each));
  const rowsRead = cursor.rowsBefore + limit;
  const last = rows.at(-1);
  const more = raw.length > limit && last && remainingRows(request, rowsRead) > 0;
  const lastValues = more ? readCursorValues(last.id, { scope, keys, source }, context) : undefined;
  return {
    rows: expand.length > 0 ? expandRows(rows, { table, items: expand }, context) : rows,
    page: cursor.page,
    next: lastValues && encodePageToken({ page: cursor.page + 1, rowsBefore: rowsRead, lastValues }),
    ...counted,
  };
}

/** The sort values of one row. */
function readCursorValues(
  id: string,
  { scope, keys, source }: { scope: TableScope; keys: readonly OrderKey[]; source: string },
  { database }: QueryContext,
): PageCursor['lastValues'] {
  const key = `${scope.alias}.${quoteIdentifier(scope.table.primaryId)}`;
  const raw = database.get(`SELECT ${orderValuesSql(keys)} FROM ${source} WHERE ${key} = ?1`, [id]);
  return keys.map((_, index) => (raw?.[`$o${index}`] ?? null) as string | number | null);
}

function readStartCursor({ pageToken }: StoreQuery, keys: readonly OrderKey[]): PageCursor {
  if (!pageToken) return { page: 1, rowsBefore: 0, lastValues: [] };
  return decodePageToken(
    pageToken,
    keys.map(({ isInteger }) => isInteger),
  );
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
