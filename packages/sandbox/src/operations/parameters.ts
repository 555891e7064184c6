import type { TableModel } from '../model/types.ts';
import { contextUrl, json } from '../protocol/answer.ts';
import { readGuid, requireRow } from '../protocol/key.ts';
import { badArgument, badPayload } from '../protocol/refusal.ts';
import type { OrgResponse } from '../protocol/types.ts';
import { isObject, type Payload, readPayload } from '../protocol/write/payload.ts';
import { readReference } from '../protocol/write/reference.ts';
import type { Reference, Row } from '../store/types.ts';
import type { Call } from './types.ts';

const namespace = /^#?Microsoft\.Dynamics\.CRM\./;

/**
 * The existing row that a parameter names, as `{ "@odata.type": …, "<primary key>": … }` or `{ "@odata.id": … }`.
 * `table` is what it is when the body does not say.
 */
export function rowParameter(call: Call, name: string, table?: string): Row {
  const row = optionalRow(call, name, table);
  if (!row) throw badArgument(`Required parameter '${name}' of '${call.operation.name}' is missing.`);
  return row;
}

/** As `rowParameter`, where the parameter may be absent. */
export function optionalRow(call: Call, name: string, table?: string): Row | undefined {
  const value = call.parameters[name] ?? null;
  return value === null ? undefined : rowOf(call, value, { name, ...(table === undefined ? {} : { table }) });
}

/** The existing row that a JSON object names. */
export function rowOf(
  call: Call,
  value: unknown,
  at: { readonly name: string; readonly table?: string },
): Row {
  const { exchange, operation } = call;
  if (!isObject(value)) throw badPayload(operation.name, `The parameter '${at.name}' must be an object.`);
  const link = value['@odata.id'];
  if (typeof link === 'string') return readReference(exchange, link);
  const table = typeOf(call, value, at);
  const keys = [table.primaryId, ...(table.base === 'principal' ? ['ownerid'] : [])];
  const raw = keys.map((key) => value[key]).find((id) => id !== undefined);
  const id = typeof raw === 'string' ? readGuid(raw) : undefined;
  if (!id) throw badPayload(operation.name, 'EdmEntityObject passed should have the key property value set.');
  return requireRow(exchange.org.store, table, { kind: 'id', id });
}

function typeOf(
  call: Call,
  value: Readonly<Record<string, unknown>>,
  at: { name: string; table?: string },
): TableModel {
  const type = value['@odata.type'];
  const logicalName = typeof type === 'string' ? type.replace(namespace, '') : at.table;
  const table = logicalName === undefined ? undefined : call.exchange.org.store.model.table(logicalName);
  if (!table) {
    const message = `The type of the parameter '${at.name}' is unknown: '@odata.type' must name an entity type.`;
    throw badPayload(call.operation.name, message);
  }
  return table;
}

/** A new row that a parameter describes (`IncidentResolution`), read for its table. */
export function payloadParameter(call: Call, name: string, table: string): Payload {
  const value = call.parameters[name];
  if (!isObject(value)) throw badPayload(call.operation.name, `The parameter '${name}' must be an object.`);
  const model = call.exchange.org.store.model.table(table)!;
  return readPayload(call.exchange, model, value, { creating: true });
}

/** The row that a column of a described row points at; refuses its absence. */
export function requiredReference(call: Call, payload: Payload, column: string): Row {
  const reference = payload.values[column] as Reference | null | undefined;
  if (!reference) throw badArgument(`The property '${column}' of the parameter is missing.`);
  return requireRow(call.exchange.org.store, call.exchange.org.store.model.table(reference.table)!, {
    kind: 'id',
    id: reference.id,
  });
}

/** A whole number. */
export function integerParameter({ parameters, operation }: Call, name: string): number {
  const value = parameters[name];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw badPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.Int32'.`,
    );
  }
  return value;
}

/** `true` or `false`; `false` when absent. */
export function booleanParameter({ parameters, operation }: Call, name: string): boolean {
  const value = parameters[name] ?? false;
  if (typeof value !== 'boolean') {
    throw badPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.Boolean'.`,
    );
  }
  return value;
}

/** A text. */
export function textParameter({ parameters, operation }: Call, name: string): string {
  const value = parameters[name];
  if (typeof value !== 'string') {
    throw badPayload(
      operation.name,
      `Cannot convert the parameter '${name}' to the expected type 'Edm.String'.`,
    );
  }
  return value;
}

/** A list of anything. */
export function listParameter({ parameters, operation }: Call, name: string): readonly unknown[] {
  const value = parameters[name];
  if (!Array.isArray(value)) throw badPayload(operation.name, `The parameter '${name}' must be a list.`);
  return value;
}

/** The answer of an operation that gives a complex value: its context names the type. */
export function answerOf({ exchange, operation }: Call, value: object): OrgResponse {
  const type = `Microsoft.Dynamics.CRM.${operation.name}Response`;
  return json(exchange, { '@odata.context': contextUrl(exchange, type), ...value });
}
