import type { TableModel } from '../model/types.ts';
import type { EntityReference, StoredRow } from '../store/types.ts';
import { invalidArgument, invalidPayload } from '../web-api/errors.ts';
import { contextUrl, jsonResponse } from '../web-api/responses.ts';
import { parseGuid, requireRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { isJsonObject, type RowPayload, readPayload } from '../web-api/write/read-payload.ts';
import { resolveReference } from '../web-api/write/resolve-reference.ts';
import type { OperationContext } from './types.ts';

const namespace = /^#?Microsoft\.Dynamics\.CRM\./;

/**
 * The existing row that a parameter names, as `{ "@odata.type": …, "<primary key>": … }` or `{ "@odata.id": … }`.
 * `table` is what it is when the body does not say.
 */
export function readRowParameter(call: OperationContext, name: string, table?: string): StoredRow {
  const row = readOptionalRowParameter(call, name, table);
  if (!row) throw invalidArgument(`Required parameter '${name}' of '${call.operation.name}' is missing.`);
  return row;
}

/** As `rowParameter`, where the parameter may be absent. */
export function readOptionalRowParameter(
  call: OperationContext,
  name: string,
  table?: string,
): StoredRow | undefined {
  const value = call.parameters[name] ?? null;
  return value === null
    ? undefined
    : resolveRow(call, value, { name, ...(table === undefined ? {} : { table }) });
}

/** The existing row that a JSON object names. */
export function resolveRow(
  call: OperationContext,
  value: unknown,
  at: { readonly name: string; readonly table?: string },
): StoredRow {
  const { context, operation } = call;
  if (!isJsonObject(value))
    throw invalidPayload(operation.name, `The parameter '${at.name}' must be an object.`);
  const link = value['@odata.id'];
  if (typeof link === 'string') return resolveReference(context, link);
  const table = resolveRowTable(call, value, at);
  const keys = [table.primaryId, ...(table.base === 'principal' ? ['ownerid'] : [])];
  const raw = keys.map((key) => value[key]).find((id) => id !== undefined);
  const id = typeof raw === 'string' ? parseGuid(raw) : undefined;
  if (!id)
    throw invalidPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
  return requireRow(context.org.store, table, { kind: 'id', id });
}

function resolveRowTable(
  call: OperationContext,
  value: Readonly<Record<string, unknown>>,
  at: { name: string; table?: string },
): TableModel {
  const type = value['@odata.type'];
  const logicalName = typeof type === 'string' ? type.replace(namespace, '') : at.table;
  const table = logicalName === undefined ? undefined : call.context.org.store.model.table(logicalName);
  if (!table) {
    const message = `The type of the parameter '${at.name}' is unknown: '@odata.type' must name an entity type.`;
    throw invalidPayload(call.operation.name, message);
  }
  return table;
}

/** A new row that a parameter describes (`IncidentResolution`), read for its table. */
export function readPayloadParameter(call: OperationContext, name: string, table: string): RowPayload {
  const value = call.parameters[name];
  if (!isJsonObject(value))
    throw invalidPayload(call.operation.name, `The parameter '${name}' must be an object.`);
  const model = call.context.org.store.model.table(table)!;
  return readPayload(call.context, model, value, { creating: true });
}

/** The row that a column of a described row points at; refuses its absence. */
export function requireReferencedRow(call: OperationContext, payload: RowPayload, column: string): StoredRow {
  const reference = payload.values[column] as EntityReference | null | undefined;
  if (!reference) throw invalidArgument(`The property '${column}' of the parameter is missing.`);
  return requireRow(call.context.org.store, call.context.org.store.model.table(reference.table)!, {
    kind: 'id',
    id: reference.id,
  });
}

/** A whole number. */
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

/** `true` or `false`; `false` when absent. */
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

/** A text. */
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

/** A list of anything. */
export function readListParameter(
  { parameters, operation }: OperationContext,
  name: string,
): readonly unknown[] {
  const value = parameters[name];
  if (!Array.isArray(value)) throw invalidPayload(operation.name, `The parameter '${name}' must be a list.`);
  return value;
}

/** The answer of an operation that gives a complex value: its context names the type. */
export function operationResponse({ context, operation }: OperationContext, value: object): WebApiResponse {
  const type = `Microsoft.Dynamics.CRM.${operation.name}Response`;
  return jsonResponse(context, { '@odata.context': contextUrl(context, type), ...value });
}
