import type { SqlRow } from '../database.ts';
import { Compilation } from '../query/compilation.ts';
import type { Expanding } from '../query/expand.ts';
import { after, type OrderKey, orderBy, orderValues } from '../query/order.ts';
import type { PagePlace } from '../query/page-token.ts';
import { planToRead, type ReadPlan, toRow } from '../query/read-rows.ts';
import { mostRows, where } from '../query/run-query.ts';
import type { FetchResult, Value } from '../types.ts';
import { aggregateFetch } from './aggregate-fetch.ts';
import { placeInCookie, writeCookie } from './cookie.ts';
import { orderOf } from './ordering.ts';
import { type LinkedReading, readSelection, type Selection } from './selection.ts';
import type { Sources } from './source.ts';
import { readSources } from './sources.ts';
import { badFetch, childrenOf, isTrue, parseXml, type XmlElement } from './xml.ts';

/**
 * Runs a FetchXML query.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function runFetch(xml: string, context: Expanding): FetchResult {
  const fetch = parseXml(xml);
  const [entity] = childrenOf(fetch, 'entity');
  if (fetch.name !== 'fetch' || !entity) throw badFetch('A fetch element with an entity is expected.');
  const compilation = new Compilation(context.model, context.actor, context.nowMs);
  const sources = readSources(entity, compilation);
  const total = isTrue(fetch.attributes.returntotalrecordcount) ? countUpTo(sources, context) : undefined;
  const counted = {
    totalCount: total === undefined ? -1 : Math.min(total, mostRows),
    totalCountLimitExceeded: (total ?? 0) > mostRows,
  };
  if (isTrue(fetch.attributes.aggregate)) {
    const aggregate = aggregateFetch(fetch, sources, context);
    const nothing = { rows: [], linkedColumns: [], moreRecords: false };
    return { table: sources.entity.scope.table, aggregate, ...nothing, ...counted };
  }
  return { ...readPage(fetch, sources, context), ...counted };
}

function countUpTo(sources: Sources, { database }: Expanding): number {
  const { values } = sources.entity.scope.compilation;
  const inner = `SELECT 1 FROM ${sources.from()}${where(sources.conditions)} LIMIT ${mostRows + 1}`;
  return database.get(`SELECT count(*) AS n FROM (${inner})`, values)!.n as number;
}

/** Which page, and how many rows it may have. */
interface Page {
  readonly number: number;
  readonly size: number;
  /** `top`: there is only this page. */
  readonly only: boolean;
}

function pageOf({ attributes }: XmlElement): Page {
  const number = (name: string): number | undefined => {
    const text = attributes[name];
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw badFetch(`The attribute '${name}' must be a whole number.`);
    return Number(text);
  };
  const [top, count, page] = [number('top'), number('count'), number('page')];
  if (top !== undefined && page !== undefined) {
    throw badFetch('The top attribute can not be used together with page.');
  }
  return {
    number: Math.max(1, page ?? 1),
    size: Math.min(top ?? (count || mostRows), mostRows),
    only: top !== undefined,
  };
}

function readPage(fetch: XmlElement, sources: Sources, context: Expanding) {
  const { scope } = sources.entity;
  const { compilation, table } = scope;
  const distinct = isTrue(fetch.attributes.distinct);
  const page = pageOf(fetch);
  const selection = readSelection(sources);
  const keys = orderOf(sources, { rawOrder: isTrue(fetch.attributes.useraworderby), distinct });
  // A row that a link repeats has one place for all its copies: only then pages are counted off.
  const place =
    sources.links.length > 0 || distinct ? undefined : placeInCookie(fetch.attributes['paging-cookie'], keys);
  const conditions = [
    ...sources.conditions,
    ...(place ? [after(keys, place.last, (value) => compilation.bind(value))] : []),
  ];
  const offset = place ? 0 : (page.number - 1) * page.size;
  const attributes = selection.own ?? table.attributes;
  const plan = planToRead(context.model, { table, attributes, alias: scope.alias });
  const columns = columnsSql({ plan, selection, keys, distinct });
  const limit = ` LIMIT ${compilation.bind(page.size + 1)} OFFSET ${compilation.bind(offset)}`;
  const order = keys.length > 0 ? orderBy(keys) : '';
  const sql = `SELECT ${columns} FROM ${sources.from()}${where(conditions)}${order}${limit}`;
  const raw = context.database.all(sql, compilation.values);
  const found = raw.slice(0, page.size).map((each) => toFetchedRow(each, { plan, selection, keys }));
  const moreRecords = raw.length > page.size && !page.only && found.length > 0;
  return {
    table,
    rows: found.map(({ row }) => row),
    linkedColumns: selection.linked.map(({ name, attribute }) => ({ name, attribute })),
    ...(selection.own && { select: selection.own.map(({ logicalName }) => logicalName) }),
    moreRecords,
    ...(moreRecords && {
      pagingCookie: writeCookie(table.primaryId, {
        page: page.number,
        first: found[0]!.row.id,
        last: found.at(-1)!.row.id,
        place:
          sources.links.length > 0 || distinct
            ? undefined
            : { page: page.number + 1, seen: 0, last: found.at(-1)!.place },
      }),
    }),
  };
}

/** With `distinct` only what was asked for is read: the key and the place would make every row differ. */
function columnsSql(query: {
  readonly plan: ReadPlan;
  readonly selection: Selection;
  readonly keys: readonly OrderKey[];
  readonly distinct: boolean;
}): string {
  const { plan, selection, keys, distinct } = query;
  const linked = selection.linked.map(({ read }, index) => `${read.sql} AS "$l${index}"`);
  if (!distinct) return [plan.sql, ...linked, ...orderValues(keys)].join(', ');
  const wanted = new Set(selection.own?.map(({ logicalName }) => logicalName));
  const own = plan.columns.filter(([name]) => !selection.own || wanted.has(name));
  return `DISTINCT ${[...own.map(([name, { sql }]) => `${sql} AS "${name}"`), ...linked].join(', ') || '1'}`;
}

function toFetchedRow(
  raw: SqlRow,
  { plan, selection, keys }: { plan: ReadPlan; selection: Selection; keys: readonly OrderKey[] },
) {
  const linked = Object.fromEntries(
    selection.linked.map((column, index) => [column.name, linkedValue(raw, column, index)]),
  );
  const place = keys.map((_, index) => raw[`$o${index}`] ?? null) as PagePlace['last'];
  for (const name of Object.keys(raw)) if (/^\$[lo]\d/.test(name)) delete raw[name];
  const row = toRow(plan, raw);
  return { place, row: { ...row, id: row.id ?? '', linked } };
}

function linkedValue(raw: SqlRow, { read }: LinkedReading, index: number): Value {
  const value = raw[`$l${index}`] as string | number | null;
  return value !== null && read.decode ? read.decode(value) : value;
}
