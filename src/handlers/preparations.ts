import type { HandlerName } from '../model/definition.ts';
import { callOperation } from './call-operation.ts';
import { associateRecords, disassociateRecords } from './links.ts';
import type { Prepare } from './prepare.ts';
import { createRecord, deleteRecord, getRecord, updateRecord, upsertRecord } from './records.ts';

/** The names that YAML may give which are one request each: they can take part in a change set. */
export const preparations = {
  callOperation,
  recordAssociate: associateRecords,
  recordCreate: createRecord,
  recordDelete: deleteRecord,
  recordDisassociate: disassociateRecords,
  recordGet: getRecord,
  recordUpdate: updateRecord,
  recordUpsert: upsertRecord,
} satisfies Partial<Record<HandlerName, Prepare>>;

/** How an action is prepared; undefined where it is several requests. */
export function preparationOf(handler: HandlerName): Prepare | undefined {
  const known: Readonly<Partial<Record<HandlerName, Prepare>>> = preparations;
  return known[handler];
}
