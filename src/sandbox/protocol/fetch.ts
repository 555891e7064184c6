import type { TableModel } from '../model/types.ts';
import type { FetchResult, Reference, Value } from '../store/types.ts';
import { contextUrl, json } from './answer.ts';
import { formatValue } from './format.ts';
import { writeAggregates } from './read/aggregate.ts';
import { countAnnotations } from './read/list.ts';
import { badQuery } from './refusal.ts';
import { formattedValue, writeRows } from './rows.ts';
import { type Shape, shapeOf } from './shape.ts';
import type { Exchange, OrgResponse } from './types.ts';
import { setOf, typeName, wireValue } from './wire.ts';

const cookieAnnotation = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie';
const moreAnnotation = 'Microsoft.Dynamics.CRM.morerecords';

/** `GET accounts?fetchXml=<fetch>…</fetch>`; the query must be about the set it is sent to. */
export function runFetch(exchange: Exchange, table: TableModel): OrgResponse {
  const { store } = exchange.org;
  const result = store.fetchXml(exchange.options.values.get('fetchXml')!, exchange.actor);
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
    ...pageAnnotations(exchange, result),
    value: writeFetched(exchange, result, shape),
  });
}

function shapeOfFetch({ select }: FetchResult, all: Shape): Shape {
  if (!select) return all;
  const wanted = new Set([...select, all.table.primaryId]);
  const columns = all.columns.filter((column) => wanted.has(column.logicalName));
  const money = columns.some((column) => column.type === 'Money');
  const currency = all.columns.filter((column) => money && column.logicalName === 'transactioncurrencyid');
  return { ...all, columns: [...new Set([...columns, ...currency])], context: select.join(',') };
}

/** What the next page needs: the cookie goes, decoded twice, into `paging-cookie` of the next fetch. */
function pageAnnotations({ prefer, options }: Exchange, { pagingCookie, moreRecords }: FetchResult): object {
  const page = Number(
    /<fetch\b[^>]*\bpage\s*=\s*["'](\d{1,9})/.exec(options.values.get('fetchXml')!)?.[1] ?? 1,
  );
  if (!moreRecords || pagingCookie === undefined) return {};
  const inner = encodeURIComponent(encodeURIComponent(pagingCookie));
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
  return rows.map((row, index) => ({ ...row, ...writeLinked(exchange, result, index) }));
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
