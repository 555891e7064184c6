import type { HandlerName, SingleRequestHandlerName } from '../model/handlers.ts';
import { callOperation } from './call-operation.ts';
import { associateRecords, disassociateRecords } from './link-handlers.ts';
import type { PrepareAction } from './prepare.ts';
import { createRecord, deleteRecord, getRecord, updateRecord, upsertRecord } from './record-handlers.ts';

/** The handlers that send exactly one request each, by their names in YAML. They can be steps of a change set. */
export const prepareFunctions = {
  callOperation,
  recordAssociate: associateRecords,
  recordCreate: createRecord,
  recordDelete: deleteRecord,
  recordDisassociate: disassociateRecords,
  recordGet: getRecord,
  recordUpdate: updateRecord,
  recordUpsert: upsertRecord,
} satisfies Readonly<Record<SingleRequestHandlerName, PrepareAction>>;

/** The function that prepares the request of a handler; undefined if the handler sends several requests. */
export function prepareFunctionOf(handler: HandlerName): PrepareAction | undefined {
  const known: Readonly<Partial<Record<HandlerName, PrepareAction>>> = prepareFunctions;
  return known[handler];
}
