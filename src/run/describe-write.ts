import type { AuditLine } from '../model/audit.ts';
import type { ConnectorDefinition, RetrySafety } from '../model/definition.ts';
import { findGuid, isGuid } from '../model/guid.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';

/** A request that may write, alone or in a batch. */
export interface WriteRequest {
  readonly method: string;
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly safety?: RetrySafety;
}

/** What is known of its answer. */
export interface WriteResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** A row that a request writes. */
export type WrittenRow = Pick<AuditLine, 'change' | 'table' | 'id' | 'message'>;

/** Finds tables by their entity sets. */
export type FindTableBySet = (
  entitySet: string,
) => { readonly logicalName: string; readonly key: string } | undefined;

/** Messages that prepare or read files; the row is written by the message that commits them. */
const preparations = /^(?:Initialize\w+Blocks(?:Upload|Download)|UploadBlock|DownloadBlock)$/;

/** The rows that a request writes, without its values. Empty for a read. */
export function describeWrite(
  request: WriteRequest,
  response: WriteResponse | undefined,
  findTable: FindTableBySet,
): readonly WrittenRow[] {
  if (request.method === 'GET') return [];
  const { set, key, rest } = readPath(request.url);
  const table = findTable(set);
  const row = { table: table?.logicalName ?? set, id: idOfKey(key) ?? idOfAnswer(response) };
  const message = messageOf(rest.at(-1));
  if (message !== undefined)
    return describeMessage(request, { message, row, keyed: key !== undefined }, response, findTable);
  if (rest.at(-1) === '$ref') {
    const change = request.method === 'DELETE' ? 'unlink' : 'link';
    return [omitUndefined({ change, ...row, id: idOfKey(key) } as const)];
  }
  if (rest.length > 0) return [omitUndefined({ change: 'update', ...row } as const)];
  if (key === undefined && request.method === 'POST' && !createsRow(request, response, table !== undefined))
    return describeMessage(request, { message: set, keyed: false }, response, findTable);
  return [omitUndefined({ change: changeOf(request), ...row } as const)];
}

/** A POST to an entity set creates a row; a POST to any other name calls an action. */
function createsRow(
  { safety }: WriteRequest,
  response: WriteResponse | undefined,
  isKnown: boolean,
): boolean {
  return isKnown || safety === 'create' || response?.headers['odata-entityid'] !== undefined;
}

function changeOf({ method, headers }: WriteRequest): WrittenRow['change'] {
  if (method === 'DELETE') return 'delete';
  if (method === 'POST' || headers['if-none-match'] === '*') return 'create';
  return headers['if-match'] === undefined ? 'upsert' : 'update';
}

interface CalledMessage {
  readonly message: string;
  /** The row that the action is bound to. */
  readonly row?: Pick<WrittenRow, 'table' | 'id'>;
  readonly keyed: boolean;
}

const bulkChanges: Readonly<Record<string, WrittenRow['change']>> = {
  CreateMultiple: 'create',
  UpdateMultiple: 'update',
  UpsertMultiple: 'upsert',
  DeleteMultiple: 'delete',
};

function describeMessage(
  { body }: WriteRequest,
  { message, row, keyed }: CalledMessage,
  response: WriteResponse | undefined,
  findTable: FindTableBySet,
): readonly WrittenRow[] {
  if (preparations.test(message)) return [];
  const bulk = bulkChanges[message];
  if (bulk !== undefined && row !== undefined)
    return describeRows(body, { change: bulk, table: row.table }, response);
  const named = keyed && row !== undefined ? [row] : referencesIn(body, findTable);
  const rows = named.length > 0 ? named : [{ table: row?.table }];
  return rows.map((each) => omitUndefined({ change: 'call' as const, message, ...each }));
}

/** The rows of a bulk message: each has its id, or the answer of a create has the ids. */
function describeRows(
  body: Json | undefined,
  row: Pick<WrittenRow, 'change' | 'table'>,
  response: WriteResponse | undefined,
): readonly WrittenRow[] {
  const [targets, ids] = [memberOf(body, 'Targets'), memberOf(response?.body, 'Ids')];
  if (!Array.isArray(targets)) return [row];
  return targets.map((target, at) => {
    const created = Array.isArray(ids) ? ids[at] : undefined;
    const id = isJsonObject(target) ? ownIdOf(target) : undefined;
    return omitUndefined({ ...row, id: id ?? (typeof created === 'string' ? created : undefined) });
  });
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  return value !== undefined && isJsonObject(value) ? value[name] : undefined;
}

/** The rows that the parameters of an action name; `@odata.bind` of the row's own lookups is inside of them. */
function referencesIn(
  body: Json | undefined,
  findTable: FindTableBySet,
): readonly Pick<WrittenRow, 'table' | 'id'>[] {
  if (!isJsonObject(body ?? null)) return [];
  const rows: Pick<WrittenRow, 'table' | 'id'>[] = [];
  for (const value of Object.values(body as JsonObject).flatMap((each) =>
    Array.isArray(each) ? each : [each],
  )) {
    if (!isJsonObject(value)) continue;
    const id = ownIdOf(value);
    if (id !== undefined) rows.push(omitUndefined({ table: typeOf(value), id }));
    else rows.push(...boundIn(value, findTable));
  }
  return rows;
}

const bindMember = /@odata\.(?:bind|id)$/;

function boundIn(value: JsonObject, findTable: FindTableBySet): readonly Pick<WrittenRow, 'table' | 'id'>[] {
  return Object.entries(value).flatMap(([name, link]) => {
    if (!bindMember.test(name) || typeof link !== 'string') return [];
    const { set, key } = readPath(link);
    const id = idOfKey(key);
    return id === undefined ? [] : [{ table: findTable(set)?.logicalName ?? set, id }];
  });
}

/** `#Microsoft.Dynamics.CRM.incident` */
function typeOf(value: JsonObject): string | undefined {
  const type = value['@odata.type'];
  return typeof type === 'string' ? type.slice(type.lastIndexOf('.') + 1) : undefined;
}

/** The primary key of a row: `incidentid`, or `activityid` of an activity. */
function ownIdOf(value: JsonObject): string | undefined {
  const type = typeOf(value);
  for (const name of [`${type}id`, 'activityid']) {
    const id = type === undefined ? undefined : value[name];
    if (typeof id === 'string' && isGuid(id)) return id.toLowerCase();
  }
  return undefined;
}

interface RequestPath {
  /** `incidents`, or the name of an action. */
  readonly set: string;
  /** The text in the parentheses, which can be a value: the columns of an alternate key. */
  readonly key?: string;
  readonly rest: readonly string[];
}

const apiPath = /^.*?\/api\/data\/v[\d.]+\//;

/** Reads a URL of the Web API, or a reference such as `/incidents(…)`. */
function readPath(url: string): RequestPath {
  const [path = ''] = url.replace(apiPath, '').replace(/^\/+/, '').split('?', 1);
  const [, set = '', key, tail = ''] = /^([\w.$]+)(?:\((.*?)\))?(?:\/(.*))?$/s.exec(path) ?? [];
  return omitUndefined({ set, key, rest: tail === '' ? [] : tail.split('/') });
}

function idOfKey(key: string | undefined): string | undefined {
  return key !== undefined && isGuid(key) ? key.toLowerCase() : undefined;
}

function idOfAnswer(response: WriteResponse | undefined): string | undefined {
  return findGuid(response?.headers['odata-entityid'] ?? '');
}

/** `Microsoft.Dynamics.CRM.Merge` -> `Merge` */
function messageOf(segment: string | undefined): string | undefined {
  return segment === undefined ? undefined : /^Microsoft\.Dynamics\.CRM\.(\w+)/.exec(segment)?.[1];
}

/** The tables of a definition by their entity sets. */
export function tableFinder({ tables }: Pick<ConnectorDefinition, 'tables'>): FindTableBySet {
  const bySet = new Map(Object.values(tables).map((table) => [table.entitySet, table]));
  return (entitySet) => bySet.get(entitySet);
}
