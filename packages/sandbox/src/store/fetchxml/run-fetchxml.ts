import type { SqlRow } from '../database.ts';
import { QueryCompilation } from '../query/compilation.ts';
import type { QueryContext } from '../query/expand.ts';
import { afterRowSql, type OrderKey, orderBySql, orderValuesSql } from '../query/order.ts';
import type { PageCursor } from '../query/page-token.ts';
import { planRead, type ReadPlan, toStoredRow } from '../query/read-rows.ts';
import { maxRows, whereSql } from '../query/run-query.ts';
import type { ColumnValue, FetchResult } from '../types.ts';
import type { FetchSources } from './fetch-source.ts';
import { readFetchOrder } from './ordering.ts';
import { formatPagingCookie, parsePagingCookie } from './paging-cookie.ts';
import { childrenOf, type FetchElement, invalidFetchXml, isTrue, parseFetchXml } from './parse-fetchxml.ts';
import { readSources } from './read-sources.ts';
import { runAggregateFetch } from './run-aggregate-fetch.ts';
import { type FetchSelection, type LinkedColumnReader, readSelection } from './selection.ts';

/**
 * Runs a FetchXML query.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function runFetchXml(xml: string, context: QueryContext): FetchResult {
  const fetch = parseFetchXml(xml);
  const [entity] = childrenOf(fetch, 'entity');
  if (fetch.name !== 'fetch' || !entity) throw invalidFetchXml('A fetch element with an entity is expected.');
  const compilation = new QueryCompilation(context.model, context.actor, context.nowMs);
  const sources = readSources(entity, compilation);
  const total = isTrue(fetch.attributes.returntotalrecordcount) ? countCapped(sources, context) : undefined;
  const counted = {
    totalCount: total === undefined ? -1 : Math.min(total, maxRows),
    totalCountLimitExceeded: (total ?? 0) > maxRows,
  };
  if (isTrue(fetch.attributes.aggregate)) {
    const aggregate = runAggregateFetch(fetch, sources, context);
    const nothing = { rows: [], linkedColumns: [], moreRecords: false };
    return { table: sources.entity.scope.table, aggregate, ...nothing, ...counted };
  }
  return { ...readFetchRows(fetch, sources, context), ...counted };
}

function countCapped(sources: FetchSources, { database }: QueryContext): number {
  const { values } = sources.entity.scope.compilation;
  const inner = `SELECT 1 FROM ${sources.from()}${whereSql(sources.conditions)} LIMIT ${maxRows + 1}`;
  return database.get(`SELECT count(*) AS n FROM (${inner})`, values)!.n as number;
}

/** Which page, and how many rows it may have. */
interface FetchPage {
  readonly number: number;
  readonly size: number;
  /** `top`: there is only this page. */
  readonly isSinglePage: boolean;
}

function readFetchPage({ attributes }: FetchElement): FetchPage {
  const number = (name: string): number | undefined => {
    const text = attributes[name];
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw invalidFetchXml(`The attribute '${name}' must be a whole number.`);
    return Number(text);
  };
  const [top, count, page] = [number('top'), number('count'), number('page')];
  if (top !== undefined && page !== undefined) {
    throw invalidFetchXml('The top attribute can not be used together with page.');
  }
  return {
    number: Math.max(1, page ?? 1),
    size: Math.min(top ?? (count || maxRows), maxRows),
    isSinglePage: top !== undefined,
  };
}

function readFetchRows(fetch: FetchElement, sources: FetchSources, context: QueryContext) {
  const { scope } = sources.entity;
  const { compilation, table } = scope;
  const distinct = isTrue(fetch.attributes.distinct);
  const page = readFetchPage(fetch);
  const selection = readSelection(sources);
  const keys = readFetchOrder(sources, { rawOrder: isTrue(fetch.attributes.useraworderby), distinct });
  // A row that a link repeats has one place for all its copies: only then pages are counted off.
  const cursor =
    sources.links.length > 0 || distinct
      ? undefined
      : parsePagingCookie(fetch.attributes['paging-cookie'], keys);
  const conditions = [
    ...sources.conditions,
    ...(cursor ? [afterRowSql(keys, cursor.lastValues, (value) => compilation.bind(value))] : []),
  ];
  const offset = cursor ? 0 : (page.number - 1) * page.size;
  const attributes = selection.own ?? table.attributes;
  const plan = planRead(context.model, { table, attributes, alias: scope.alias });
  const columns = columnsSql({ plan, selection, keys, distinct });
  const limit = ` LIMIT ${compilation.bind(page.size + 1)} OFFSET ${compilation.bind(offset)}`;
  const order = keys.length > 0 ? orderBySql(keys) : '';
  const sql = `SELECT ${columns} FROM ${sources.from()}${whereSql(conditions)}${order}${limit}`;
  const raw = context.database.all(sql, compilation.values);
  const found = raw.slice(0, page.size).map((each) => toFetchedRow(each, { plan, selection, keys }));
  const moreRecords = raw.length > page.size && !page.isSinglePage && found.length > 0;
  return {
    table,
    rows: found.map(({ row }) => row),
    linkedColumns: selection.linked.map(({ name, attribute }) => ({ name, attribute })),
    ...(selection.own && { select: selection.own.map(({ logicalName }) => logicalName) }),
    moreRecords,
    ...(moreRecords && {
      pagingCookie: formatPagingCookie(table.primaryId, {
        page: page.number,
        first: found[0]!.row.id,
        last: found.at(-1)!.row.id,
        place:
          sources.links.length > 0 || distinct
            ? undefined
            : { page: page.number + 1, rowsBefore: 0, lastValues: found.at(-1)!.place },
      }),
    }),
  };
}

/** With `distinct` only what was asked for is read: the key and the place would make every row differ. */
function columnsSql(query: {
  readonly plan: ReadPlan;
  readonly selection: FetchSelection;
  readonly keys: readonly OrderKey[];
  readonly distinct: boolean;
}): string {
  const { plan, selection, keys, distinct } = query;
  const linked = selection.linked.map(({ reader }, index) => `${reader.sql} AS "$l${index}"`);
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
    selection.linked.map((column, index) => [column.name, linkedValue(raw, column, index)]),
  );
  const cursorValues = keys.map((_, index) => raw[`$o${index}`] ?? null) as PageCursor['lastValues'];
  for (const name of Object.keys(raw)) if (/^\$[lo]\d/.test(name)) delete raw[name];
  const row = toStoredRow(plan, raw);
  return { place: cursorValues, row: { ...row, id: row.id ?? '', linked } };
}

function linkedValue(raw: SqlRow, { reader }: LinkedColumnReader, index: number): ColumnValue {
  const value = raw[`$l${index}`] as string | number | null;
  return value !== null && reader.decode ? reader.decode(value) : value;
}
