import type { TableModel } from '../../model/types.ts';
import { quote } from '../database.ts';
import { badQuery, noProperty, noTable } from '../refusal.ts';
import type { QueryRequest, QueryResult } from '../types.ts';
import { Compilation } from './compilation.ts';
import { type Expanding, expandRows, lookupsOf } from './expand.ts';
import { condition, reachedBy } from './filter.ts';
import { after, boundedTime, type OrderKey, orderBy, orderKeys, orderValues } from './order.ts';
import { type PagePlace, readPlace, writePlace } from './page-token.ts';
import { planToRead, selected, toRow } from './read-rows.ts';
import { Scope } from './scope.ts';

/** Most rows of a page, and the most that `$count` counts to. */
export const mostRows = 5000;

/** What of a request decides which rows there are. */
export type Matching = Pick<QueryRequest, 'filter' | 'within' | 'actor'>;

/** A scope over a table with the condition of the request. */
export function matching(table: TableModel, request: Matching, context: Expanding) {
  const compilation = new Compilation(context.model, request.actor, context.nowMs);
  const scope = new Scope(compilation, table);
  const conditions = [
    ...(request.within ? [isWithin(request.within, scope)] : []),
    ...(request.filter ? [condition(request.filter, scope)] : []),
  ];
  return { compilation, scope, conditions };
}

/** Rows reached from one row through a collection. */
function isWithin(within: NonNullable<QueryRequest['within']>, scope: Scope): string {
  const { model } = scope.compilation;
  const owner = model.table(within.table);
  if (!owner) throw noTable(within.table);
  const navigation = model.navigation(owner, within.navigation);
  if (!navigation) throw noProperty(within.navigation, owner);
  if (navigation.target !== scope.table.logicalName) throw badQuery(`'${navigation.name}' leads elsewhere.`);
  return reachedBy(navigation, scope.compilation.bind(within.id.toLowerCase()), scope);
}

export const where = (conditions: readonly string[]): string =>
  conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';

/** One page of rows. */
export function runQuery(table: TableModel, request: QueryRequest, context: Expanding): QueryResult {
  const { compilation, scope, conditions } = matching(table, request, context);
  const { model, database } = context;
  const unasked = boundedTime(request.filter);
  const keys = orderKeys(request.orderBy ?? (unasked ? [unasked] : []), scope);
  const expand = request.expand ?? [];
  const attributes = [...selected(model, table, request.select), ...lookupsOf(model, table, expand)];
  const plan = planToRead(model, { table, attributes, alias: scope.alias });
  const place = startOf(request, keys);
  const counted = request.count ? countUpTo(table, request, context) : undefined;
  if (request.pageToken) conditions.push(after(keys, place.last, (value) => compilation.bind(value)));

  const limit = Math.max(0, Math.min(request.pageSize ?? mostRows, mostRows, remaining(request, place)));
  const order = `${orderBy(keys)} LIMIT ${compilation.bind(limit + 1)}`;
  const source = scope.from();
  const raw = database.all(
    `SELECT ${plan.sql} FROM ${source}${where(conditions)}${order}`,
    compilation.values,
  );
  const rows = raw.slice(0, limit).map((each) => toRow(plan, each));
  const seen = place.seen + limit;
  const last = rows.at(-1);
  const more = raw.length > limit && last !== undefined && remaining(request, { seen }) > 0;
  const next = more && {
    page: place.page + 1,
    seen,
    last: placeOf(last.id, { scope, keys, source }, context),
  };
  return {
    rows: expand.length > 0 ? expandRows(rows, { table, items: expand }, context) : rows,
    page: place.page,
    ...(next && { next: writePlace(next) }),
    ...counted,
  };
}

/** The order values of one row. */
function placeOf(
  id: string,
  { scope, keys, source }: { scope: Scope; keys: readonly OrderKey[]; source: string },
  { database }: Expanding,
): PagePlace['last'] {
  const key = `${scope.alias}.${quote(scope.table.primaryId)}`;
  const raw = database.get(`SELECT ${orderValues(keys)} FROM ${source} WHERE ${key} = ?1`, [id])!;
  return keys.map((_, index) => raw[`$o${index}`] as string | number | null);
}

function startOf({ pageToken }: QueryRequest, keys: readonly OrderKey[]): PagePlace {
  if (!pageToken) return { page: 1, seen: 0, last: [] };
  return readPlace(
    pageToken,
    keys.map(({ wholeNumber }) => wholeNumber),
  );
}

const remaining = ({ top }: QueryRequest, { seen }: Pick<PagePlace, 'seen'>): number =>
  (top ?? Number.MAX_SAFE_INTEGER) - seen;

function countUpTo(table: TableModel, request: QueryRequest, context: Expanding) {
  const { compilation, scope, conditions } = matching(table, request, context);
  const limit = compilation.bind(mostRows + 1);
  const inner = `SELECT 1 FROM ${scope.from()}${where(conditions)} LIMIT ${limit}`;
  const found = context.database.get(`SELECT count(*) AS n FROM (${inner})`, compilation.values)!.n as number;
  return { count: Math.min(found, mostRows), countLimitExceeded: found > mostRows };
}

/** How many rows match, without a cap. */
export function countRows(table: TableModel, request: Matching, context: Expanding): number {
  const { compilation, scope, conditions } = matching(table, request, context);
  const sql = `SELECT count(*) AS n FROM ${scope.from()}${where(conditions)}`;
  return context.database.get(sql, compilation.values)!.n as number;
}
