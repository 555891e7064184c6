import type { TableModel } from '../model/types.ts';
import type { ChangeEntry, StoredRow } from '../store/types.ts';
import { buildRowShape } from './build-row-shape.ts';
import { dataverseError, invalidQuery } from './errors.ts';
import { entitySetName } from './odata-names.ts';
import { buildLink, formatSkipToken, pageEdgesOf, parseSkipToken } from './paging.ts';
import { parseODataQuery } from './query-options.ts';
import { toStoreSelection } from './read/get-rows.ts';
import { contextUrl, jsonResponse, textResponse } from './responses.ts';
import type { RowShape } from './row-shape.ts';
import { serializeRows } from './serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/** How long a delta link is good. */
const deltaTokenLifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a request asks for changes: the preference, a delta link, or a further page of either. */
export function isChangeTrackingRequest({ prefer, options }: WebApiContext): boolean {
  if (prefer.trackChanges || options.values.has('$deltatoken')) return true;
  const skip = options.values.get('$skiptoken');
  return skip !== undefined && parseSkipToken(skip).tracking;
}

/**
 * All rows, or what happened since a delta link was given: changed rows by version, then deletions. The last page
 * carries the next delta link.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export function getChanges(context: WebApiContext, table: TableModel): WebApiResponse {
  checkChangeTrackingAllowed(context, table);
  const { store } = context.org;
  const delta = context.options.values.get('$deltatoken');
  const query = parseODataQuery(context.options);
  const shape = buildRowShape(store.model, table, query);
  const cursor = readDeltaCursor(context);
  const { select } = toStoreSelection(query, shape);
  const result = store.changesSince(table.logicalName, {
    since: delta === undefined ? '0' : parseDeltaToken(context, delta),
    pageSize: context.prefer.maxPageSize ?? 5000,
    ...(select ? { select } : {}),
    ...(cursor.storeToken === undefined ? {} : { pageToken: cursor.storeToken }),
  });
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  const suffix = delta === undefined ? '' : '/$delta';
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${entitySetName(table)}${columns}${suffix}`),
    ...buildNextOrDeltaLink(context, { table, place: cursor, entries: result.entries, next: result.next }),
    value: serializeChanges(context, result.entries, shape),
  });
}

/** `GET accounts/$count?$deltatoken=…` */
export function getChangesCount(context: WebApiContext, table: TableModel): WebApiResponse {
  checkChangeTrackingAllowed(context, table);
  const since = parseDeltaToken(context, context.options.values.get('$deltatoken') ?? '');
  return textResponse(context, String(context.org.store.countChanges(table.logicalName, since)));
}

/** Refuses what change tracking cannot do: other options, tables without it, callers who may not read it all. */
function checkChangeTrackingAllowed({ options, request }: WebApiContext, table: TableModel): void {
  for (const name of ['$filter', '$orderby', '$expand', '$top', '$apply']) {
    if (options.values.has(name)) {
      throw invalidQuery(`The "${name}" query parameter isn't supported when Change Tracking is enabled.`);
    }
  }
  if (!table.changeTracking) {
    const message = `Change tracking is not enabled for entity: ${table.logicalName}.`;
    throw dataverseError(400, '0x80072491', message);
  }
  if (!request.caller.organizationRead) {
    const message = `Principal user (Id=${request.caller.userId}) is missing prvRead${table.schemaName} privilege at organization level.`;
    throw dataverseError(403, '0x80040220', message);
  }
}

/** Where this page begins, and the version that the delta link after the last page will name. */
interface DeltaCursor {
  readonly page: number;
  readonly upToVersion: string;
  readonly storeToken?: string;
}

function readDeltaCursor({ options, org }: WebApiContext): DeltaCursor {
  const skip = options.values.get('$skiptoken');
  if (skip === undefined) return { page: 1, upToVersion: org.store.visibleVersion() };
  const { page, token = '' } = parseSkipToken(skip);
  const [, upTo, rest] = /^(\d{1,19}):(.*)$/s.exec(token) ?? [];
  if (upTo === undefined || rest === undefined) throw invalidQuery('The $skiptoken value is malformed.');
  return { page, upToVersion: upTo, storeToken: rest };
}

function buildNextOrDeltaLink(
  context: WebApiContext,
  {
    table,
    place: cursor,
    entries,
    next,
  }: { table: TableModel; place: DeltaCursor; entries: readonly ChangeEntry[]; next: string | undefined },
): object {
  const { options, url } = context;
  if (next === undefined) {
    const token = formatDeltaToken(context, cursor.upToVersion);
    return { '@odata.deltaLink': buildLink(url, options, { $skiptoken: undefined, $deltatoken: token }) };
  }
  const cookie = { page: cursor.page + 1, token: `${cursor.upToVersion}:${next}`, tracking: true };
  const ids = entries.map((entry) => (entry.kind === 'row' ? entry.row : entry));
  const skip = formatSkipToken(cookie, pageEdgesOf(table, ids));
  return { '@odata.nextLink': buildLink(url, options, { $skiptoken: skip }) };
}

function serializeChanges(
  context: WebApiContext,
  entries: readonly ChangeEntry[],
  shape: RowShape,
): readonly object[] {
  const rows = entries.flatMap((entry): readonly StoredRow[] => (entry.kind === 'row' ? [entry.row] : []));
  const deleted = entries.filter((entry) => entry.kind === 'deleted');
  const { store } = context.org;
  return [
    ...serializeRows(rows, shape, { store, base: context.base, prefer: context.prefer, isList: true }),
    ...deleted.map(({ id }) => ({
      '@odata.context': contextUrl(context, `${entitySetName(shape.table)}/$deletedEntity`),
      id,
      reason: 'deleted',
    })),
  ];
}

/**
 * `919042!08/22/2017 08:10:44`, percent-encoded: a row version and the time it was given out; then the epoch,
 * once there has been more than one.
 */
function formatDeltaToken({ org }: WebApiContext, version: string): string {
  const epoch = org.deltaEpoch();
  const [date, time] = new Date(org.now()).toISOString().slice(0, 19).split('T') as [string, string];
  const [year, month, day] = date.split('-');
  const text = encodeURIComponent(
    `${version}!${month}/${day}/${year} ${time}${epoch === 0 ? '' : `!${epoch}`}`,
  ).replaceAll('!', '%21');
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** The version that a delta token names; refuses malformed and expired ones. */
function parseDeltaToken({ org }: WebApiContext, text: string): string {
  const token = /^(\d{1,19})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)(?:!(\d{1,9}))?$/.exec(text);
  if (!token) throw invalidQuery('The $deltatoken value is malformed.');
  const [, version, month, day, year, time, epoch = '0'] = token as unknown as string[];
  const issuedAtMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  const expired = !(org.now() - issuedAtMs <= deltaTokenLifetimeMs) || Number(epoch) < org.deltaEpoch();
  if (expired) {
    const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
    throw dataverseError(400, '0x80044352', message);
  }
  return version!;
}
