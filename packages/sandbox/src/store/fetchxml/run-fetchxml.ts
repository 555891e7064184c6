import { type FetchElement, isTrue, maxPageSize } from 'dynamics365-connector/odata';
import { currencyColumns } from '../../model/attribute.ts';
import type { SqlRow, SqlValue } from '../database.ts';
import { QueryCompilation, type QueryContext } from '../query/compilation.ts';
import { afterRowSql, type OrderKey, orderBySql, orderValuesSql } from '../query/order.ts';
import type { PageCursor } from '../query/page-token.ts';
import { planRead, type ReadPlan, toStoredRow } from '../query/read-rows.ts';
import { valuesAfter, whereSql } from '../query/run-query.ts';
import type { ColumnReader } from '../sql-columns.ts';
import type { ColumnValue, FetchResult, RowWindow } from '../types.ts';
import type { FetchSources } from './fetch-source.ts';
import { readFetchOrder } from './ordering.ts';
import { formatPagingCookie, lastIdOf, parsePagingCookie } from './paging-cookie.ts';
import { childrenOf, invalidFetchXml, parseFetchXml } from './parse-fetchxml.ts';
import { readSources } from './read-sources.ts';
import { runAggregateFetch } from './run-aggregate-fetch.ts';
import { type FetchSelection, readSelection } from './selection.ts';

/**
 * Runs a FetchXML query.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function runFetchXml(xml: string, context: QueryContext): FetchResult {
  return runFetch(parseFetchXml(xml), context);
}

/** Runs the elements of a FetchXML query. */
export function runFetch(fetch: FetchElement, context: QueryContext, window?: RowWindow): FetchResult {
  const [entity] = childrenOf(fetch, 'entity');
  if (!entity) throw invalidFetchXml('<fetch> needs an <entity>.');
  const compilation = new QueryCompilation(context.model, context.actor, context.nowMs);
  const sources = readSources(entity, compilation, fetch.attributes.datasource);
  const total = isTrue(fetch.attributes.returntotalrecordcount) ? countCapped(sources, context) : undefined;
  const counted = {
    totalCount: total === undefined ? -1 : Math.min(total, maxPageSize),
    totalCountLimitExceeded: (total ?? 0) > maxPageSize,
  };
  if (isTrue(fetch.attributes.aggregate)) {
    const aggregate = runAggregateFetch(fetch, sources, context);
    const nothing = { rows: [], linkedColumns: [], moreRecords: false };
    return { table: sources.entity.scope.table, aggregate, ...nothing, ...counted };
  }
  return { ...readFetchRows(fetch, sources, { context, window }), ...counted };
}

function countCapped(sources: FetchSources, { database }: QueryContext): number {
  const { values } = sources.entity.scope.compilation;
  const inner = `SELECT 1 FROM ${sources.from()}${whereSql(sources.conditions)} LIMIT ${maxPageSize + 1}`;
  return database.count(`SELECT count(*) AS n FROM (${inner})`, values);
}

/** The requested page. */
interface FetchPage {
  readonly number: number;
  readonly size: number;
  /** Rows before it. */
  readonly offset: number;
  /** Whether there are no more pages: a query with `top`. */
  readonly isSinglePage: boolean;
}

function readFetchPage({ attributes }: FetchElement, window: RowWindow | undefined): FetchPage {
  if (window) return { number: 1, size: window.size, offset: window.offset, isSinglePage: false };
  const number = (name: string): number | undefined =>
    attributes[name] === undefined ? undefined : Number(attributes[name]);
  const [top, count, page] = [number('top'), number('count'), number('page')];
  const size = Math.min(top ?? (count || maxPageSize), maxPageSize);
  const pageNumber = Math.max(1, page ?? 1);
  return { number: pageNumber, size, offset: (pageNumber - 1) * size, isSinglePage: top !== undefined };
}

function readFetchRows(
  fetch: FetchElement,
  sources: FetchSources,
  { context, window }: { readonly context: QueryContext; readonly window: RowWindow | undefined },
) {
  const { table } = sources.entity.scope;
  const distinct = isTrue(fetch.attributes.distinct);
  const selection = readSelection(sources);
  const keys = readFetchOrder(sources, { rawOrder: isTrue(fetch.attributes.useraworderby), distinct });
  // The copies of a row that a link repeats have the same sort values, so such pages are read by offset.
  const usesCursor = sources.links.length === 0 && !distinct;
  const page = readFetchPage(fetch, window);
  const cursor = usesCursor ? readCursor(fetch, { sources, keys, page }, context) : undefined;
  const found = readFetchedRows({ sources, selection, keys, distinct, page, cursor }, context);
  const rows = found.slice(0, page.size);
  const [first, last] = [rows[0], rows.at(-1)];
  const moreRecords = found.length > page.size && !page.isSinglePage && last !== undefined;
  const nextCursor = last && { page: page.number + 1, rowsBefore: 0, lastValues: last.cursorValues };
  return {
    table,
    rows: rows.map(({ row }) => row),
    linkedColumns: selection.linked.map(({ name, attribute }) => ({ name, attribute })),
    select: selection.own?.map(({ logicalName }) => logicalName),
    moreRecords,
    pagingCookie: moreRecords
      ? formatPagingCookie(table.primaryId, {
          page: page.number,
          first: first?.row.id ?? '',
          last: last.row.id,
          cursor: usesCursor ? nextCursor : undefined,
        })
      : undefined,
  };
}

/** The position after the previous page; undefined when the cookie names no row of the table. */
function readCursor(
  { attributes }: FetchElement,
  { sources, keys, page }: Pick<FetchedRowsQuery, 'sources' | 'keys' | 'page'>,
  context: QueryContext,
): PageCursor | undefined {
  const cookie = attributes['paging-cookie'];
  const known = parsePagingCookie(cookie, keys);
  const { scope } = sources.entity;
  const lastId = lastIdOf(cookie, scope.table.primaryId);
  if (known || lastId === undefined || page.number < 2) return known;
  const lastValues = valuesAfter(lastId, { scope, keys, source: sources.from() }, context);
  return lastValues.length > 0 ? { page: page.number, rowsBefore: 0, lastValues } : undefined;
}

interface FetchedRowsQuery {
  readonly sources: FetchSources;
  readonly selection: FetchSelection;
  readonly keys: readonly OrderKey[];
  readonly distinct: boolean;
  readonly page: FetchPage;
  readonly cursor: PageCursor | undefined;
}

/** Reads the rows of a page and one more, if there is one. */
function readFetchedRows(query: FetchedRowsQuery, context: QueryContext) {
  const { sources, selection, keys, distinct, page, cursor } = query;
  const { compilation, table, alias } = sources.entity.scope;
  const conditions = [...sources.conditions];
  if (cursor) conditions.push(afterRowSql(keys, cursor.lastValues, (value) => compilation.bind(value)));
  const offset = cursor ? 0 : page.offset;
  const own = selection.own && [...new Set([...selection.own, ...currencyColumns(table, selection.own)])];
  const plan = planRead(context.model, { table, attributes: own ?? table.attributes, alias });
  const columns = columnsSql({ plan, selection, keys, distinct });
  const limit = ` LIMIT ${compilation.bind(page.size + 1)} OFFSET ${compilation.bind(offset)}`;
  const order = keys.length > 0 ? orderBySql(keys) : '';
  const sql = `SELECT ${columns} FROM ${sources.from()}${whereSql(conditions)}${order}${limit}`;
  const raw = context.database.all(sql, compilation.values);
  return raw.map((each) => toFetchedRow(each, { plan, selection, keys }));
}

/** With `distinct`, only the requested columns are read: the key and the sort values would make all rows different. */
function columnsSql(query: {
  readonly plan: ReadPlan;
  readonly selection: FetchSelection;
  readonly keys: readonly OrderKey[];
  readonly distinct: boolean;
}): string {
  const { plan, selection, keys, distinct } = query;
  const linked = selection.linked.flatMap(({ reader, currency }, index) => [
    `${reader.sql} AS "$l${index}"`,
    ...(currency ? [`${currency.sql} AS "$c${index}"`] : []),
  ]);
  if (!distinct) return [plan.sql, ...linked, ...orderValuesSql(keys)].join(', ');
  const selectedNames = new Set(selection.own?.map(({ logicalName }) => logicalName));
  const own = plan.columns.filter(([name]) => !selection.own || selectedNames.has(name));
  return `DISTINCT ${[...own.map(([name, { sql }]) => `${sql} AS "${name}"`), ...linked].join(', ') || '1'}`;
}

function toFetchedRow(
  raw: SqlRow,
  { plan, selection, keys }: { plan: ReadPlan; selection: FetchSelection; keys: readonly OrderKey[] },
) {
  const linked = Object.fromEntries(
    selection.linked.map(({ name, reader }, index) => [name, decodeValue(raw[`$l${index}`], reader)]),
  );
  const linkedCurrencies = Object.fromEntries(
    selection.linked.flatMap(({ name, currency }, index) =>
      currency ? [[name, decodeValue(raw[`$c${index}`], currency)]] : [],
    ),
  );
  const cursorValues = keys.map((_, index) => raw[`$o${index}`] ?? null) as PageCursor['lastValues'];
  for (const name of Object.keys(raw)) if (/^\$[clo]\d/.test(name)) delete raw[name];
  const row = toStoredRow(plan, raw);
  return { cursorValues, row: { ...row, id: row.id ?? '', linked, linkedCurrencies } };
}

function decodeValue(value: SqlValue | undefined, { decode }: ColumnReader): ColumnValue {
  const found = (value ?? null) as string | number | null;
  return found !== null && decode ? decode(found) : found;
}
