import type { TableModel } from '../model/types.ts';
import type { ChangeEntry, Row } from '../store/types.ts';
import { contextUrl, json, plainText } from './answer.ts';
import { shapeOf } from './build-shape.ts';
import { parseQuery } from './options.ts';
import { edges, linkWith, readSkipToken, writeSkipToken } from './paging.ts';
import { selection } from './read/list.ts';
import { badQuery, refuse } from './refusal.ts';
import { writeRows } from './rows.ts';
import type { Shape } from './shape.ts';
import type { Exchange, OrgResponse } from './types.ts';
import { setOf } from './wire.ts';

/** How long a delta link is good. */
const expiryMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a request asks for changes: the preference, a delta link, or a further page of either. */
export function tracksChanges({ prefer, options }: Exchange): boolean {
  if (prefer.trackChanges || options.values.has('$deltatoken')) return true;
  const skip = options.values.get('$skiptoken');
  return skip !== undefined && readSkipToken(skip).tracking;
}

/**
 * All rows, or what happened since a delta link was given: changed rows by version, then deletions. The last page
 * carries the next delta link.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export function listChanges(exchange: Exchange, table: TableModel): OrgResponse {
  checkAllowed(exchange, table);
  const { store } = exchange.org;
  const delta = exchange.options.values.get('$deltatoken');
  const query = parseQuery(exchange.options);
  const shape = shapeOf(store.model, table, query);
  const place = placeOf(exchange);
  const { select } = selection(query, shape);
  const result = store.changesSince(table.logicalName, {
    since: delta === undefined ? '0' : readDeltaToken(exchange, delta),
    pageSize: exchange.prefer.maxPageSize ?? 5000,
    ...(select ? { select } : {}),
    ...(place.token === undefined ? {} : { pageToken: place.token }),
  });
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  const suffix = delta === undefined ? '' : '/$delta';
  return json(exchange, {
    '@odata.context': contextUrl(exchange, `${setOf(table)}${columns}${suffix}`),
    ...linkAfter(exchange, { table, place, entries: result.entries, next: result.next }),
    value: writeEntries(exchange, result.entries, shape),
  });
}

/** `GET accounts/$count?$deltatoken=…` */
export function countChanges(exchange: Exchange, table: TableModel): OrgResponse {
  checkAllowed(exchange, table);
  const since = readDeltaToken(exchange, exchange.options.values.get('$deltatoken') ?? '');
  return plainText(exchange, String(exchange.org.store.countChanges(table.logicalName, since)));
}

/** Refuses what change tracking cannot do: other options, tables without it, callers who may not read it all. */
function checkAllowed({ options, request }: Exchange, table: TableModel): void {
  for (const name of ['$filter', '$orderby', '$expand', '$top', '$apply']) {
    if (options.values.has(name)) {
      throw badQuery(`The "${name}" query parameter isn't supported when Change Tracking is enabled.`);
    }
  }
  if (!table.changeTracking) {
    const message = `Change tracking is not enabled for entity: ${table.logicalName}.`;
    throw refuse(400, '0x80072491', message);
  }
  if (!request.caller.organisationRead) {
    const message = `Principal user (Id=${request.caller.userId}) is missing prvRead${table.schemaName} privilege at organization level.`;
    throw refuse(403, '0x80040220', message);
  }
}

/** Where this page begins, and the version that the delta link after the last page will name. */
interface Place {
  readonly page: number;
  readonly upTo: string;
  readonly token?: string;
}

function placeOf({ options, org }: Exchange): Place {
  const skip = options.values.get('$skiptoken');
  if (skip === undefined) return { page: 1, upTo: org.store.settledVersion() };
  const { page, token = '' } = readSkipToken(skip);
  const [, upTo, rest] = /^(\d{1,19}):(.*)$/s.exec(token) ?? [];
  if (upTo === undefined || rest === undefined) throw badQuery('The $skiptoken value is malformed.');
  return { page, upTo, token: rest };
}

function linkAfter(
  exchange: Exchange,
  {
    table,
    place,
    entries,
    next,
  }: { table: TableModel; place: Place; entries: readonly ChangeEntry[]; next: string | undefined },
): object {
  const { options, url } = exchange;
  if (next === undefined) {
    const token = writeDeltaToken(exchange, place.upTo);
    return { '@odata.deltaLink': linkWith(url, options, { $skiptoken: undefined, $deltatoken: token }) };
  }
  const cookie = { page: place.page + 1, token: `${place.upTo}:${next}`, tracking: true };
  const ids = entries.map((entry) => (entry.kind === 'row' ? entry.row : entry));
  const skip = writeSkipToken(cookie, edges(table, ids));
  return { '@odata.nextLink': linkWith(url, options, { $skiptoken: skip }) };
}

function writeEntries(exchange: Exchange, entries: readonly ChangeEntry[], shape: Shape): readonly object[] {
  const rows = entries.flatMap((entry): readonly Row[] => (entry.kind === 'row' ? [entry.row] : []));
  const deleted = entries.filter((entry) => entry.kind === 'deleted');
  const { store } = exchange.org;
  return [
    ...writeRows(rows, shape, { store, base: exchange.base, prefer: exchange.prefer, list: true }),
    ...deleted.map(({ id }) => ({
      '@odata.context': contextUrl(exchange, `${setOf(shape.table)}/$deletedEntity`),
      id,
      reason: 'deleted',
    })),
  ];
}

/**
 * `919042!08/22/2017 08:10:44`, percent-encoded: a row version and the time it was given out; then the epoch,
 * once there has been more than one.
 */
function writeDeltaToken({ org }: Exchange, version: string): string {
  const epoch = org.deltaEpoch();
  const [date, time] = new Date(org.now()).toISOString().slice(0, 19).split('T') as [string, string];
  const [year, month, day] = date.split('-');
  const text = encodeURIComponent(
    `${version}!${month}/${day}/${year} ${time}${epoch === 0 ? '' : `!${epoch}`}`,
  ).replaceAll('!', '%21');
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** The version that a delta token names; refuses malformed and expired ones. */
function readDeltaToken({ org }: Exchange, text: string): string {
  const token = /^(\d{1,19})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)(?:!(\d{1,9}))?$/.exec(text);
  if (!token) throw badQuery('The $deltatoken value is malformed.');
  const [, version, month, day, year, time, epoch = '0'] = token as unknown as string[];
  const given = Date.parse(`${year}-${month}-${day}T${time}Z`);
  const expired = !(org.now() - given <= expiryMs) || Number(epoch) < org.deltaEpoch();
  if (expired) {
    const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
    throw refuse(400, '0x80044352', message);
  }
  return version!;
}
