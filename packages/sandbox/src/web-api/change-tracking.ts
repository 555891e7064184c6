import { maxPageSize } from 'dynamics365-connector/odata';
import type { TableModel } from '../model/types.ts';
import { fromEpochMs } from '../store/date-time.ts';
import type { ChangeEntry, StoredRow } from '../store/types.ts';
import { buildRowShape } from './build-row-shape.ts';
import { DataverseError, invalidQuery } from './errors.ts';
import { entitySetName } from './odata-names.ts';
import { buildLink, formatSkipToken, pageEdgesOf, parseSkipToken } from './paging.ts';
import { parseODataQuery } from './query-options.ts';
import { toStoreSelection } from './read/get-rows.ts';
import { contextUrl, jsonResponse, textResponse } from './responses.ts';
import { contextColumns, type RowShape } from './row-shape.ts';
import { serializeRows } from './serialize-rows.ts';
import type { OrganizationContext, WebApiContext, WebApiResponse } from './types.ts';

/** Lifetime of a delta link: 7 days. */
const deltaTokenLifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Whether a request is about changes: it has the preference, a delta link, or the next link of such a request. */
export function isChangeTrackingRequest({ prefer, options }: WebApiContext): boolean {
  if (prefer.trackChanges || options.values.has('$deltatoken')) return true;
  const skip = options.values.get('$skiptoken');
  return skip !== undefined && parseSkipToken(skip).tracking;
}

/**
 * Responds with all rows, or with the changes since a delta link: changed rows by version, then deletions. The last
 * page has the next delta link.
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
    pageSize: context.prefer.maxPageSize ?? maxPageSize,
    select,
    pageToken: cursor.storeToken,
  });
  const suffix = delta === undefined ? '' : '/$delta';
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${entitySetName(table)}${contextColumns(shape)}${suffix}`),
    ...buildNextOrDeltaLink(context, { table, cursor, entries: result.entries, next: result.next }),
    value: serializeChanges(context, result.entries, shape),
  });
}

/** `GET accounts/$count?$deltatoken=…` */
export function getChangesCount(context: WebApiContext, table: TableModel): WebApiResponse {
  checkChangeTrackingAllowed(context, table);
  const since = parseDeltaToken(context, context.options.values.get('$deltatoken') ?? '');
  return textResponse(context, String(context.org.store.countChanges(table.logicalName, since)));
}

/** Rejects other query options, tables without change tracking, and callers without organization-level read access. */
function checkChangeTrackingAllowed({ options, request }: WebApiContext, table: TableModel): void {
  for (const name of ['$filter', '$orderby', '$expand', '$top', '$apply']) {
    if (options.values.has(name)) {
      throw invalidQuery(`The "${name}" query parameter isn't supported when Change Tracking is enabled.`);
    }
  }
  if (!table.changeTracking) {
    const message = `Change tracking is not enabled for entity: ${table.logicalName}.`;
    throw new DataverseError(400, '0x80072491', message);
  }
  request.caller.access?.requireOrganizationRead(table);
}

/** The start of a page, and the version for the delta link after the last page. */
interface DeltaCursor {
  readonly page: number;
  readonly upToVersion: string;
  readonly storeToken?: string;
}

function readDeltaCursor({ options, org }: WebApiContext): DeltaCursor {
  const skip = options.values.get('$skiptoken');
  if (skip === undefined) return { page: 1, upToVersion: deltaVersion(org) };
  const { page, token = '' } = parseSkipToken(skip);
  const [, upTo, rest] = /^(\d{1,19}):(.*)$/s.exec(token) ?? [];
  if (upTo === undefined || rest === undefined) throw invalidQuery('The $skiptoken value is malformed.');
  return { page, upToVersion: upTo, storeToken: rest };
}

/** The version that a delta link would have now. */
function deltaVersion({ assumptions, store }: OrganizationContext): string {
  return assumptions.deltaTokenCounts === 'commits' ? store.visibleVersion() : store.currentVersion();
}

function buildNextOrDeltaLink(
  context: WebApiContext,
  page: {
    readonly table: TableModel;
    readonly cursor: DeltaCursor;
    readonly entries: readonly ChangeEntry[];
    readonly next: string | undefined;
  },
): object {
  const { options, url, org } = context;
  const { table, cursor, entries, next } = page;
  if (next === undefined) {
    const isTakenFirst = org.assumptions.deltaTokenTaken === 'first-page';
    const token = formatDeltaToken(context, isTakenFirst ? cursor.upToVersion : deltaVersion(org));
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
    ...serializeRows(rows, shape, {
      store,
      base: context.base,
      prefer: context.prefer,
      format: context.format,
      isList: true,
    }),
    ...deleted.map(({ id }) => ({
      '@odata.context': contextUrl(context, `${entitySetName(shape.table)}/$deletedEntity`),
      id,
      reason: 'deleted',
    })),
  ];
}

/**
 * A delta token: `919042!08/22/2017 08:10:44`, percent-encoded. It has a row version, the time of issue and, after
 * the first, the epoch.
 */
function formatDeltaToken({ org }: WebApiContext, version: string): string {
  const epoch = org.deltaEpoch();
  const [date = '', time] = fromEpochMs(org.now()).split('T');
  const [year, month, day] = date.split('-');
  const text = encodeURIComponent(
    `${version}!${month}/${day}/${year} ${time}${epoch === 0 ? '' : `!${epoch}`}`,
  ).replaceAll('!', '%21');
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

/** The version of a delta token. Throws for malformed and expired tokens. */
function parseDeltaToken({ org }: WebApiContext, text: string): string {
  const token = /^(\d{1,19})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)(?:!(\d{1,9}))?$/.exec(text);
  if (!token) throw invalidQuery('The $deltatoken value is malformed.');
  const [, version = '', month, day, year, time, epoch = '0'] = token;
  const issuedAtMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  const expired = !(org.now() - issuedAtMs <= deltaTokenLifetimeMs) || Number(epoch) < org.deltaEpoch();
  if (expired) {
    const message = 'Version stamp associated with the client has expired. Please perform a full sync.';
    throw new DataverseError(400, '0x80044352', message);
  }
  return version;
}
