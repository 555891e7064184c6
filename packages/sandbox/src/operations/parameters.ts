import { isJsonObject } from 'dynamics365-connector/base';
import { crmNamespace } from 'dynamics365-connector/odata';
import { parseGuid } from '../guid.ts';
import type { TableModel } from '../model/types.ts';
import { toReference } from '../store/entity-reference.ts';
import { requireTable } from '../store/require-table.ts';
import type { StoredRow } from '../store/types.ts';
import { DataverseError, invalidArgument, invalidPayload } from '../web-api/errors.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import { type RowKey, requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { type RowPayload, readPayload } from '../web-api/write/read-payload.ts';
import { parseReference } from '../web-api/write/resolve-reference.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

/**
 * The existing row of a parameter, given as `{ "@odata.type": …, "<primary key>": … }` or `{ "@odata.id": … }`.
 * `table` is the default for `@odata.type`.
 */
export function readRowParameter(call: OperationContext, name: string, table?: string): StoredRow {
  const row = readOptionalRowParameter(call, name, table);
  if (!row) throw invalidArgument(`Required parameter '${name}' of '${call.operation.name}' is missing.`);
  return row;
}

/** Like `readRowParameter`, for an optional parameter. */
export function readOptionalRowParameter(
  call: OperationContext,
  name: string,
  table?: string,
): StoredRow | undefined {
  const value = call.parameters[name] ?? null;
  return value === null ? undefined : resolveRow(call, value, { name, table });
}

/** The existing row that a JSON object references. */
export function resolveRow(
  call: OperationContext,
  value: unknown,
  at: { readonly name: string; readonly table?: string },
): StoredRow {
  const { table, key } = resolveRowKey(call, value, at);
  return requireRow(call.context.org.store, table, key);
}

/** The table and the key of the row that a JSON object references. The row need not exist. */
export function resolveRowKey(
  call: OperationContext,
  value: unknown,
  at: { readonly name: string; readonly table?: string },
): { readonly table: TableModel; readonly key: RowKey } {
  const { context, operation } = call;
  if (!isJsonObject(value))
    throw invalidPayload(operation.name, `The parameter '${at.name}' must be an object.`);
  const link = value['@odata.id'];
  if (typeof link === 'string') return parseReference(context, link);
  const table = resolveRowTable(call, value, at);
  const raw = keysOf(call, table, at.name)
    .map((key) => value[key])
    .find((id) => id !== undefined);
  const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
  if (!id)
    throw invalidPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
  return { table, key: { kind: 'id', id } };
}

/** The columns that can be the key of a row in a parameter. Users and teams also have that of their base type. */
function keysOf({ context }: OperationContext, { primaryId, base }: TableModel, parameter: string): string[] {
  if (base !== 'principal') return [primaryId];
  const { principalKey } = context.org.assumptions;
  if (principalKey === 'either' || parameter === 'Members') return [primaryId, 'ownerid'];
  return principalKey === 'own' ? [primaryId] : ['ownerid'];
}

function resolveRowTable(
  call: OperationContext,
  value: JsonBody,
  at: { name: string; table?: string },
): TableModel {
  const type = value['@odata.type'];
  const logicalName = typeof type === 'string' ? type.replace(/^#/, '').replace(crmNamespace, '') : at.table;
  const table = logicalName === undefined ? undefined : call.context.org.store.model.table(logicalName);
  if (!table) {
    const message = `The type of the parameter '${at.name}' is unknown: '@odata.type' must name an entity type.`;
    throw invalidPayload(call.operation.name, message);
  }
  return table;
}

/** A new row in a parameter, for example `IncidentResolution`. */
export function readPayloadParameter(call: OperationContext, name: string, table: string): RowPayload {
  const value = call.parameters[name];
  if (!isJsonObject(value))
    throw invalidPayload(call.operation.name, `The parameter '${name}' must be an object.`);
  const model = requireTable(call.context.org.store.model, table);
  return readPayload(call.context, model, value, { creating: true });
}

/** The row that a lookup of a payload references. Throws when the lookup is missing. */
export function requireReferencedRow(call: OperationContext, payload: RowPayload, column: string): StoredRow {
  const reference = toReference(payload.values[column]);
  if (!reference) throw invalidArgument(`The property '${column}' of the parameter is missing.`);
  const { store } = call.context.org;
  return requireRow(store, requireTable(store.model, reference.table), { kind: 'id', id: reference.id });
}

/** The table of a bound operation. */
export function requireBoundTable({ operation, table }: OperationContext): TableModel {
  if (!table) throw unboundError(operation);
  return table;
}

/** The row of an operation that is bound to a row. */
export function requireBoundRow({ operation, row }: OperationContext): StoredRow {
  if (!row) throw unboundError(operation);
  return row;
}

function unboundError({ name }: WebApiOperation) {
  return new DataverseError(400, '0x80060888', `The operation '${name}' must be called on a resource.`);
}

/** An integer. */
export function readIntegerParameter({ parameters, operation }: OperationContext, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw invalidPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.Int32'.`,
    );
  }
  return value;
}

/** A boolean. Default: false. */
export function readBooleanParameter({ parameters, operation }: OperationContext, name: string): boolean {
  const value = parameters[name] ?? false;
  if (typeof value !== 'boolean') {
    throw invalidPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.Boolean'.`,
    );
  }
  return value;
}

/** A string. */
export function readStringParameter({ parameters, operation }: OperationContext, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') {
    throw invalidPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.String'.`,
    );
  }
  return value;
}

/** A date and time, in milliseconds since the epoch; without an offset it is in UTC. */
export function readTimeParameter(call: OperationContext, name: string): number {
  const text = readStringParameter(call, name);
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const ms = Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`);
  if (isTime && !Number.isNaN(ms)) return ms;
  throw invalidArgument(`The parameter '${name}' is not a date and time.`);
}

/** An array. */
export function readListParameter(
  { parameters, operation }: OperationContext,
  name: string,
): readonly unknown[] {
  const value = parameters[name];
  if (!Array.isArray(value)) throw invalidPayload(operation.name, `The parameter '${name}' must be a list.`);
  return value;
}

/** The response of an operation with a complex result. */
export function operationResponse({ context, operation }: OperationContext, value: object): WebApiResponse {
  const type = `${crmNamespace}${operation.name}Response`;
  return jsonResponse(context, { '@odata.context': contextUrl(context, type), ...value });
}
