import { ConnectorError } from '../errors/connector-error.ts';
import { toPartError } from '../http/to-part-error.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { includeDisplayAnnotations, readFormattedValue } from '../odata/row-annotations.ts';
import { ignoreConnectorError } from '../query/resolve-table.ts';
import type { Tables } from '../run/codec/encode-lookup.ts';
import { shapeReference } from '../run/codec/shape-reference.ts';
import { shapeRow } from '../run/codec/shape-row.ts';
import { withAllCustomColumns } from '../run/column-inputs.ts';
import { loadTable } from '../run/metadata-table.ts';
import { requireTable } from '../run/require-table.ts';
import { parsePartBody, sendBatchForParts } from '../run/send-batch-request.ts';
import { type Handler, type HandlerContext, tableOf } from './handler.ts';
import { readRows, sendRead } from './send-read.ts';
import { cutPage, pageQuery, parseTimeCursor } from './time-cursor.ts';

/**
 * Lists who changed which columns of a row and when, the newest first, from the audit log. Values have the types of their
 * columns, as in a row. The function RetrieveRecordChangeHistory does not tell who and when, so the details of each entry
 * of the log are read, all in one batch.
 * https://learn.microsoft.com/power-apps/developer/data-platform/auditing/retrieve-audit-data
 */
export const listChanges: Handler = async ({ table: given, id, limit, before }, context): Promise<Json> => {
  const table = await findTable(context, given);
  const cursor = parseTimeCursor(before);
  const rows = await readRows(context, {
    path: '/audits',
    query: {
      $select: 'auditid,createdon,operation,action,_userid_value',
      ...pageQuery(`_objectid_value eq ${id}`, cursor, Number(limit)),
      $orderby: 'createdon desc',
    },
  });
  const found = rows.map((row) => ({ id: String(row.auditid), on: String(row.createdon), row }));
  const { entries, next } = cutPage(found, Number(limit), cursor);
  const details = await readDetails(
    context,
    entries.map((entry) => entry.id),
  );
  const changed = await withChangedColumns(context, table, details);
  const shaped = entries.map((entry, at) =>
    toEntry(context.connection.definition.tables, changed, {
      ...entry,
      rowId: String(id),
      detail: details[at],
    }),
  );
  const isEmpty = rows.length === 0 && before === undefined;
  return { entries: shaped, next, audited: isEmpty ? await isAudited(context, table) : true };
};

/** Our table of the action, or any table of the organization by its name. */
async function findTable(context: HandlerContext, given: Json | undefined): Promise<Table> {
  return given === undefined ? tableOf(context) : (await loadTable(context.connection, String(given))).table;
}

/** The details of entries of the log, in their order. */
async function readDetails(context: HandlerContext, ids: readonly string[]): Promise<readonly JsonObject[]> {
  if (ids.length === 0) return [];
  const { connection, action, options } = context;
  const request = { operation: action.id, method: 'GET', requestId: connection.services.uuid() } as const;
  const headers = { accept: 'application/json', prefer: includeDisplayAnnotations };
  const urls = ids.map(
    (id) => `${connection.baseUrl}/audits(${id})/Microsoft.Dynamics.CRM.RetrieveAuditDetails()`,
  );
  const parts = await sendBatchForParts(connection, {
    operation: action.id,
    items: urls.map((url) => ({ part: { method: 'GET', url, headers } })),
    safety: 'repeatable',
    signal: options.signal,
  });
  return urls.map((url, at) => {
    const item = parts[at];
    if (item === undefined || !('part' in item)) {
      const message = `${action.id}: the batch has no response to one of its reads.`;
      throw new ConnectorError('RESPONSE_INVALID', message, { operation: action.id });
    }
    const { status, headers: received, body: text } = item.part;
    const body = parsePartBody(text);
    if (status >= 300) {
      const response = { status, headers: received, body };
      throw toPartError({ ...request, url, headers }, response, connection.definition.errors);
    }
    return objectOf(objectOf(body).AuditDetail);
  });
}

interface AuditEntry {
  readonly id: string;
  readonly on: string;
  /** The row of the log. */
  readonly row: JsonObject;
  readonly rowId: string;
  readonly detail: JsonObject | undefined;
}

const operations: Readonly<Record<number, string>> = {
  1: 'create',
  2: 'update',
  3: 'delete',
  4: 'access',
  5: 'upsert',
};

function toEntry(tables: Tables, table: Table, entry: AuditEntry): JsonObject {
  const { id, on, row, rowId, detail = {} } = entry;
  return {
    id,
    on,
    by: shapeReference(tables, row, '_userid_value', 'systemuser'),
    operation: operations[Number(row.operation)] ?? String(row.operation),
    action: readFormattedValue(row, 'action') ?? String(row.action),
    columns: readColumns(table, rowId, detail),
    relationship: typeof detail.RelationshipName === 'string' ? detail.RelationshipName : null,
    rights:
      detail.NewPrivileges === undefined
        ? null
        : { from: detail.OldPrivileges ?? null, to: detail.NewPrivileges },
  };
}

/** The table, with the columns of the organization if one of those has changed and the user can read the metadata. */
async function withChangedColumns(
  { connection }: HandlerContext,
  own: Table,
  details: readonly JsonObject[],
): Promise<Table> {
  const known = new Set([own.key, ...own.columns.map(({ wireName }) => wireName)]);
  if (details.flatMap(changedNames).every((name) => known.has(name))) return own;
  const extended = await withAllCustomColumns(connection, own).catch(ignoreConnectorError);
  return extended === undefined ? own : requireTable(extended.definition, own.name);
}

/** The columns that changed, with both values. A column that our schema lacks has its logical name. */
function readColumns(table: Table, rowId: string, detail: JsonObject): readonly JsonObject[] {
  const [before, after] = [objectOf(detail.OldValue), objectOf(detail.NewValue)];
  const shape = (values: JsonObject): JsonObject => {
    const { id: _, customColumns, ...row } = shapeRow(table, { ...values, [table.key]: rowId });
    return { ...row, ...objectOf(customColumns) };
  };
  const [from, to] = [shape(before), shape(after)];
  const shaped = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const columns = shaped.map((column) => ({ column, from: from[column] ?? null, to: to[column] ?? null }));
  const shown = new Set(table.columns.map(({ wireName }) => wireName));
  const others = changedNames(detail).filter((name) => !shown.has(name) && name !== table.key);
  const raw = others.map((column) => ({ column, from: before[column] ?? null, to: after[column] ?? null }));
  return [...columns, ...raw];
}

/** The wire names of the columns that changed. */
function changedNames({ OldValue, NewValue }: JsonObject): readonly string[] {
  const names = [OldValue, NewValue].flatMap((values) => Object.keys(objectOf(values)));
  return [...new Set(names)].filter((name) => !name.includes('@'));
}

/** Whether the organization audits the table; null if the user cannot read that. */
async function isAudited(context: HandlerContext, { logicalName }: Table): Promise<boolean | null> {
  try {
    const [organization] = await readRows(context, {
      path: '/organizations',
      query: { $select: 'isauditenabled' },
    });
    const path = `/EntityDefinitions(LogicalName='${logicalName}')`;
    const definition = objectOf(await sendRead(context, { path, query: { $select: 'IsAuditEnabled' } }));
    const table = objectOf(definition.IsAuditEnabled).Value;
    return organization?.isauditenabled === true && table === true;
  } catch (error) {
    return ignoreConnectorError(error) ?? null;
  }
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== undefined && isJsonObject(value) ? value : {};
}
