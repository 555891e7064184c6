import type { TableModel } from '../model/types.ts';
import type { FetchResult, Reference, Value } from '../store/types.ts';
import { contextUrl, json } from './answer.ts';
import { shapeOf } from './build-shape.ts';
import { formatValue } from './format.ts';
import { readKey, requireRow } from './key.ts';
import { lowerEncode } from './paging.ts';
import { writeAggregates } from './read/aggregate.ts';
import { countAnnotations } from './read/list.ts';
import { badQuery } from './refusal.ts';
import { formattedValue, writeRows } from './rows.ts';
import type { Shape } from './shape.ts';
import type { Exchange, OrgResponse } from './types.ts';
import { setOf, typeName, wireValue } from './wire.ts';

const cookieAnnotation = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie';
const moreAnnotation = 'Microsoft.Dynamics.CRM.morerecords';

/** The FetchXML that a request brings or names (`savedQuery`, `userQuery`); undefined when it does neither. */
export function fetchOf({ options, org }: Exchange): string | undefined {
  const own = options.values.get('fetchXml');
  if (own !== undefined) return own;
  for (const name of ['savedQuery', 'userQuery']) {
    const id = options.values.get(name);
    if (id === undefined) continue;
    const table = org.store.model.table(name.toLowerCase())!;
    const row = requireRow(org.store, table, readKey(org.store.model, table, id));
    return String(row.values.fetchxml ?? '');
  }
  return undefined;
}

/** `GET accounts?fetchXml=<fetch>…</fetch>`; the query must be about the set it is sent to. */
export function runFetch(
  exchange: Exchange,
  { table, xml }: { table: TableModel; xml: string },
): OrgResponse {
  const { store } = exchange.org;
  const result = store.fetchXml(counted(exchange, xml), exchange.actor);
  if (result.table.logicalName !== table.logicalName) {
    throw badQuery(
      `The entity '${result.table.logicalName}' of the fetch is not of the type '${typeName(table)}'.`,
    );
  }
  const set = setOf(table);
  if (result.aggregate) {
    return json(exchange, {
      '@odata.context': contextUrl(exchange, set),
      value: writeAggregates(exchange, result.aggregate),
    });
  }
  const shape = shapeOfFetch(result, shapeOf(store.model, table, {}));
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  return json(exchange, {
    '@odata.context': contextUrl(exchange, `${set}${columns}`),
    ...countAnnotations(exchange, {
      ...(result.totalCount < 0 ? {} : { count: result.totalCount }),
      countLimitExceeded: result.totalCountLimitExceeded,
    }),
    ...pageAnnotations(exchange, { result, xml }),
    value: writeFetched(exchange, result, shape),
  });
}

function shapeOfFetch({ select }: FetchResult, all: Shape): Shape {
  if (!select) return all;
  const wanted = new Set([...select, all.table.primaryId]);
  const columns = all.columns.filter((column) => wanted.has(column.logicalName));
  return { ...all, columns, context: select.join(',') };
}

/** `$count=true` asks of a fetch what `returntotalrecordcount` does. */
function counted({ options }: Exchange, xml: string): string {
  if (options.values.get('$count') !== 'true' || xml.includes('returntotalrecordcount')) return xml;
  return xml.replace(/<fetch\b/, '<fetch returntotalrecordcount="true"');
}

/** What the next page needs: the cookie goes, decoded twice, into `paging-cookie` of the next fetch. */
function pageAnnotations(
  { prefer }: Exchange,
  { result, xml }: { result: FetchResult; xml: string },
): object {
  const { pagingCookie, moreRecords } = result;
  const page = Number(/<fetch\b[^>]*\bpage\s*=\s*["'](\d{1,9})/.exec(xml)?.[1] ?? 1);
  if (!moreRecords || pagingCookie === undefined) return {};
  const inner = lowerEncode(lowerEncode(pagingCookie));
  const cookie = `<cookie pagenumber="${page + 1}" pagingcookie="${inner}" istracking="False" />`;
  return {
    ...(prefer.wants(cookieAnnotation) ? { [`@${cookieAnnotation}`]: cookie } : {}),
    ...(prefer.wants(moreAnnotation) ? { [`@${moreAnnotation}`]: true } : {}),
  };
}

function writeFetched(exchange: Exchange, result: FetchResult, shape: Shape): readonly object[] {
  const { store } = exchange.org;
  const { prefer, base } = exchange;
  const rows = writeRows(result.rows, shape, { store, base, prefer, list: true });
  return rows.map((row, index) => ({ ...withoutNulls(row), ...writeLinked(exchange, result, index) }));
}

/** A fetch leaves columns without a value out, unlike a query. */
function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** Values of linked tables; empty ones are left out, as Dataverse does. */
function writeLinked({ org, prefer }: Exchange, result: FetchResult, index: number): object {
  const json: Record<string, unknown> = {};
  const name = ({ table, id }: Reference) => org.store.names(table, [id]).get(id);
  for (const { name: column, attribute } of result.linkedColumns) {
    const value: Value = result.rows[index]!.linked[column] ?? null;
    if (value === null) continue;
    const text = prefer.wants(formattedValue)
      ? formatValue(attribute, value, {
          row: () => (typeof value === 'object' ? name(value) : undefined),
          table: (logicalName) => org.store.model.table(logicalName)?.displayName,
          currency: '$',
        })
      : undefined;
    if (text !== undefined) json[`${column}@${formattedValue}`] = text;
    json[column] = wireValue(attribute, value);
  }
  return json;
}
