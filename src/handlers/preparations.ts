import type { HandlerName } from '../model/definition.ts';
import { callOperation } from './call-operation.ts';
import { associateRecords, disassociateRecords } from './link-handlers.ts';
import type { PrepareAction } from './prepare.ts';
import { createRecord, deleteRecord, getRecord, updateRecord, upsertRecord } from './record-handlers.ts';

/** The names that YAML may give which are one request each: they can take part in a change set. */
export const prepareFunctions = {
  callOperation,
  recordAssociate: associateRecords,
  recordCreate: createRecord,
  recordDelete: deleteRecord,
  recordDisassociate: disassociateRecords,
  recordGet: getRecord,
  recordUpdate: updateRecord,
  recordUpsert: upsertRecord,
} satisfies Partial<Record<HandlerName, PrepareAction>>;

/** How an action is prepared; undefined where it is several requests. */
export function prepareFunctionOf(handler: HandlerName): PrepareAction | undefined {
  const known: Readonly<Partial<Record<HandlerName, PrepareAction>>> = prepareFunctions;
  return known[handler];
}
