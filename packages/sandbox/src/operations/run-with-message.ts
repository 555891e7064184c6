import { isJsonObject } from 'dynamics365-connector/base';
import { nullGuid, parseGuid } from '../guid.ts';
import { referenceTo, toReference } from '../store/entity-reference.ts';
import type { EntityReference } from '../store/types.ts';
import { contextOption, contextReference, contextTarget } from '../web-api/events/context-values.ts';
import type { MessageEvent } from '../web-api/events/message-event.ts';
import { raiseEvent } from '../web-api/events/raise-event.ts';
import type { JsonBody } from '../web-api/json-body.ts';
import { findRow } from '../web-api/row-key.ts';
import type { WebApiResponse } from '../web-api/types.ts';
import { readPayload } from '../web-api/write/read-payload.ts';
import { findParameterType } from './parameter-types.ts';
import { resolveRowKey } from './parameters.ts';
import type { OperationContext } from './types.ts';

/** The message of an operation and the row that it is about. */
interface OperationMessage {
  readonly message: string;
  /** The parameter that holds the row; of a bound operation, the name that the bound row has in the message. */
  readonly parameter: string;
  /** The lookup of the parameter that references the row. */
  readonly lookup?: string;
  /** The table of a parameter that is an id. */
  readonly table?: string;
}

const closes = (message: string, parameter: string, lookup: string): OperationMessage => ({
  message,
  parameter,
  lookup,
});

/** The messages of operations. Other operations have none that steps are registered for. */
const operationMessages: Readonly<Record<string, OperationMessage>> = {
  CloseIncident: closes('Close', 'IncidentResolution', 'incidentid'),
  WinOpportunity: closes('Win', 'OpportunityClose', 'opportunityid'),
  LoseOpportunity: closes('Lose', 'OpportunityClose', 'opportunityid'),
  WinQuote: closes('Win', 'QuoteClose', 'quoteid'),
  CloseQuote: closes('Close', 'QuoteClose', 'quoteid'),
  ReviseQuote: { message: 'Revise', parameter: 'QuoteId', table: 'quote' },
  ConvertQuoteToSalesOrder: { message: 'ConvertQuoteToSalesOrder', parameter: 'QuoteId', table: 'quote' },
  ConvertSalesOrderToInvoice: {
    ...{ message: 'ConvertSalesOrderToInvoice', parameter: 'SalesOrderId', table: 'salesorder' },
  },
  Merge: { message: 'Merge', parameter: 'Target' },
  GrantAccess: { message: 'GrantAccess', parameter: 'Target' },
  ModifyAccess: { message: 'ModifyAccess', parameter: 'Target' },
  RevokeAccess: { message: 'RevokeAccess', parameter: 'Target' },
  QualifyLead: { message: 'QualifyLead', parameter: 'LeadId' },
  SendEmail: { message: 'Send', parameter: 'EmailId' },
  AddToQueue: { message: 'AddToQueue', parameter: 'DestinationQueueId' },
  PickFromQueue: { message: 'PickFromQueue', parameter: 'QueueItemId' },
  ReleaseToQueue: { message: 'ReleaseToQueue', parameter: 'QueueItemId' },
  RemoveFromQueue: { message: 'RemoveFromQueue', parameter: 'QueueItemId' },
  RouteTo: { message: 'Route', parameter: 'QueueItem' },
  AddMembersTeam: { message: 'AddMembers', parameter: 'TeamId' },
  RemoveMembersTeam: { message: 'RemoveMembers', parameter: 'TeamId' },
  RenewEntitlement: { message: 'Renew', parameter: 'EntitlementId' },
};

/** Runs an operation and calls the steps of its message before and after it. */
export function runWithMessage(call: OperationContext): WebApiResponse {
  const { context, operation } = call;
  const known = operationMessages[operation.name];
  const isHeard = known && context.events.steps.some(({ message }) => message === known.message);
  const event = isHeard ? createEvent(call, known) : undefined;
  if (!event) return operation.run(call);
  raiseEvent(context, event, [10, 20]);
  const response = operation.run(call);
  const after = context.org.systemStore.read(event.table.logicalName, event.id);
  raiseEvent(context, { ...event, ...(after && { after }) }, [40]);
  return response;
}

/** The event; undefined when the row is missing, which the operation refuses. */
function createEvent(call: OperationContext, known: OperationMessage): MessageEvent | undefined {
  const { systemStore } = call.context.org;
  const reference = findPrimaryRow(call, known);
  const table = reference && systemStore.model.table(reference.table);
  const before = reference && systemStore.read(reference.table, reference.id);
  if (!table || !before) return undefined;
  const bound = call.row ? { [known.parameter]: referenceTo(call.row) } : {};
  const given = Object.entries(call.parameters).map(([name, value]) => [name, toContext(call, name, value)]);
  const input = { ...bound, ...Object.fromEntries(given) };
  const { message } = known;
  return { message, table, id: before.id, values: {}, before, parameters: { input, output: {} } };
}

function findPrimaryRow(call: OperationContext, known: OperationMessage): EntityReference | undefined {
  if (call.row) return referenceTo(call.row);
  const value = call.parameters[known.parameter];
  if (known.table !== undefined) {
    const id = typeof value === 'string' ? parseGuid(value) : undefined;
    return id === undefined ? undefined : { table: known.table, id };
  }
  if (!isJsonObject(value)) return undefined;
  if (known.lookup === undefined) return readReference(call, known.parameter, value);
  return toReference(readEntity(call, known.parameter, value)?.values[known.lookup]);
}

/** A parameter as .NET's DataContractJsonSerializer writes it. */
function toContext(call: OperationContext, name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => toContext(call, name, item));
  if (name === 'Status' && typeof value === 'number') return contextOption(value);
  if (!isJsonObject(value)) return value;
  if (isReference(call, name, value)) {
    const reference = readReference(call, name, value);
    return reference ? contextReference(reference) : null;
  }
  const entity = readEntity(call, name, value);
  if (entity) return contextTarget(call.context.org.systemStore, entity);
  const members = Object.entries(value).map(([key, member]) => [key, toContext(call, key, member)]);
  return Object.fromEntries(members);
}

const isOwnMember = (name: string): boolean => !name.includes('@');

/** Whether an object only names a row. */
function isReference(call: OperationContext, name: string, value: JsonBody): boolean {
  if (typeof value['@odata.id'] === 'string') return true;
  const table = findEntityTable(call, name, value);
  const keys = Object.keys(value).filter(isOwnMember);
  return table !== undefined && keys.every((key) => key === table.primaryId || key === 'ownerid');
}

function readReference(call: OperationContext, name: string, value: JsonBody): EntityReference | undefined {
  const table = findEntityTable(call, name, value)?.logicalName;
  const at = resolveRowKey(call, value, { name, ...(table !== undefined && { table }) });
  const row = findRow(call.context.org.systemStore, at.table, at.key);
  return row && referenceTo(row);
}

/** The row in a parameter, with the values that it gives. */
function readEntity(call: OperationContext, name: string, value: JsonBody) {
  const table = findEntityTable(call, name, value);
  if (!table) return undefined;
  const { values } = readPayload(call.context, table, value, { creating: true });
  const id = values[table.primaryId];
  return { table, values, id: typeof id === 'string' ? id : nullGuid };
}

/** The table that an object names, or that its parameter has. */
function findEntityTable({ context, operation }: OperationContext, name: string, value: JsonBody) {
  const type = value['@odata.type'] ?? findParameterType(operation, name);
  return typeof type === 'string'
    ? context.org.store.model.table(type.slice(type.lastIndexOf('.') + 1))
    : undefined;
}
