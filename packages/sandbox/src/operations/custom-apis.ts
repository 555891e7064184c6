import { isJsonObject } from 'dynamics365-connector/base';
import { parseGuid } from '../guid.ts';
import { columnEquals, stringLiteral } from '../store/query/filter-nodes.ts';
import type { OrganizationStore, StoredRow } from '../store/types.ts';
import { DataverseError, invalidPayload } from '../web-api/errors.ts';
import { raiseOperationEvent } from '../web-api/events/raise-operation-event.ts';
import type { BindingTarget } from '../web-api/resource.ts';
import { contextUrl, jsonResponse, noContentResponse } from '../web-api/responses.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { type CustomApiType, customApiTypes } from './custom-api-types.ts';
import { operationResponse, resolveRow } from './parameters.ts';
import type { OperationContext, WebApiOperation } from './types.ts';

const reader = { actor: { userId: '' } };

/** A request parameter or a response property. */
interface CustomApiMember {
  readonly name: string;
  readonly type: CustomApiType;
  readonly isOptional: boolean;
  /** Logical name of its table, for entities. */
  readonly table: string | undefined;
}

/** The custom APIs of an organization as operations; private ones are left out. */
export function listCustomApis(store: OrganizationStore): readonly WebApiOperation[] {
  if (store.count('customapi') === 0) return [];
  return store
    .query('customapi', reader)
    .rows.filter(({ values }) => values.isprivate !== true)
    .flatMap((row) => toOperation(store, row) ?? []);
}

/** Finds the custom API of this name that is bound to the resource, or to nothing. */
export function findCustomApi(
  store: OrganizationStore,
  name: string,
  on?: BindingTarget,
): WebApiOperation | undefined {
  if (store.count('customapi') === 0) return undefined;
  const filter = columnEquals('uniquename', stringLiteral(name));
  const row = store
    .query('customapi', { filter, ...reader })
    .rows.find(({ values }) => values.uniquename === name);
  const operation = row && toOperation(store, row);
  if (!operation) return undefined;
  const { boundTo } = operation;
  if (!boundTo || !on) return boundTo || on ? undefined : operation;
  return boundTo.kind === on.kind && boundTo.table === on.table.logicalName ? operation : undefined;
}

/** A custom API as an operation. A function without a response property is not valid: it cannot be called. */
function toOperation(store: OrganizationStore, { id, values }: StoredRow): WebApiOperation | undefined {
  const parameters = readMembers(store, 'CustomAPIRequestParameters', id);
  const properties = readMembers(store, 'CustomAPIResponseProperties', id);
  const kind = values.isfunction === true ? 'function' : 'action';
  if (kind === 'function' && properties.length === 0) return undefined;
  const binding = values.bindingtype === 1 ? 'row' : values.bindingtype === 2 ? 'set' : undefined;
  return {
    name: String(values.uniquename),
    kind,
    boundTo: binding && { kind: binding, table: String(values.boundentitylogicalname) },
    parameters: Object.fromEntries(
      parameters.map(({ name, isOptional }) => [name, isOptional ? 'optional' : 'required'] as const),
    ),
    types: {
      parameters: typesOf(parameters),
      properties: typesOf(properties),
      result: resultType(String(values.uniquename), properties),
    },
    isCustom: true,
    run: (call) => runCustomApi(call, parameters, properties),
  };
}

function readMembers(
  store: OrganizationStore,
  navigation: string,
  apiId: string,
): readonly CustomApiMember[] {
  const table =
    navigation === 'CustomAPIRequestParameters' ? 'customapirequestparameter' : 'customapiresponseproperty';
  const relatedTo = { table: 'customapi', id: apiId, navigation };
  return store.query(table, { relatedTo, ...reader }).rows.map(({ values }) => ({
    name: String(values.uniquename),
    type: customApiTypes[Number(values.type)] ?? customApiTypes[10],
    isOptional: values.isoptional === true,
    table: typeof values.logicalentityname === 'string' ? values.logicalentityname : undefined,
  }));
}

const typesOf = (members: readonly CustomApiMember[]): Readonly<Record<string, string>> =>
  Object.fromEntries(members.map(({ name, type, table }) => [name, type.edmType(table)]));

/** A single entity, or a single collection of entities, is the result itself. */
function isEntityResult([first, second]: readonly CustomApiMember[]): boolean {
  return second === undefined && first !== undefined && first.type.isEntity;
}

function resultType(name: string, properties: readonly CustomApiMember[]): string | undefined {
  const [first] = properties;
  if (!first) return undefined;
  return isEntityResult(properties) ? first.type.edmType(first.table) : `mscrm.${name}Response`;
}

/** Runs the handler of a test. Without one, a property returns the parameter of its name, or the default of its type. */
function runCustomApi(
  call: OperationContext,
  parameters: readonly CustomApiMember[],
  properties: readonly CustomApiMember[],
): WebApiResponse {
  const { context, operation, row, table } = call;
  const input = Object.fromEntries(parameters.flatMap((parameter) => readParameter(call, parameter)));
  const target = row && { table: row.table, id: row.id };
  const output = callHandler(call, { ...input, ...(target && { Target: target }) });
  const result = properties.map((property) => [property.name, resultValue(call, property, output)] as const);
  raiseOperationEvent(context, {
    message: operation.name,
    table,
    id: row?.id,
    input: { ...input, ...(target && { Target: target }) },
    output: Object.fromEntries(result),
  });
  const [first] = result;
  if (!first) return noContentResponse(context);
  if (!isEntityResult(properties)) return operationResponse(call, Object.fromEntries(result));
  const [, value] = first;
  const type = resultType(operation.name, properties) ?? '';
  const body = Array.isArray(value) ? { value } : isJsonObject(value) ? value : {};
  return jsonResponse(context, { '@odata.context': contextUrl(context, type), ...body });
}

function readParameter(
  call: OperationContext,
  { name, type }: CustomApiMember,
): readonly [string, unknown][] {
  const value = call.parameters[name] ?? null;
  if (value === null) return [];
  if (!type.accepts(value)) {
    const message = `Cannot convert the parameter '${name}' to the expected type '${type.edmType()}'.`;
    throw invalidPayload(call.operation.name, message);
  }
  if (!type.isReference) return [[name, value]];
  const { table, id } = resolveRow(call, value, { name });
  return [[name, { table, id }]];
}

function callHandler(call: OperationContext, input: Readonly<Record<string, unknown>>) {
  const { context, operation } = call;
  const handle = context.org.customApis.get(operation.name);
  if (!handle) return input;
  try {
    return handle(input, { userId: context.actor.userId }) ?? {};
  } catch (error) {
    if (error instanceof DataverseError) throw error;
    throw new DataverseError(400, '0x80040265', (error as Error).message);
  }
}

/** The value of a response property. A handler must return the type of the property. */
function resultValue(
  call: OperationContext,
  { name, type }: CustomApiMember,
  output: Readonly<Record<string, unknown>>,
): unknown {
  const value = output[name] ?? type.default;
  if (value === null) return null;
  const reference = isJsonObject(value) && type.isReference ? toEntity(call, value) : value;
  if (type.accepts(reference)) return reference;
  throw new DataverseError(
    400,
    '0x80040265',
    `The response property '${name}' of '${call.operation.name}' is not of the type '${type.edmType()}'.`,
  );
}

/** `{ table, id }` as an entity with its key. */
function toEntity({ context }: OperationContext, value: Readonly<Record<string, unknown>>): unknown {
  const table = context.org.store.model.table(String(value.table));
  const id = parseGuid(String(value.id));
  if (!table || !id) return value;
  return { '@odata.type': `#Microsoft.Dynamics.CRM.${table.logicalName}`, [table.primaryId]: id };
}
