import { isJsonArray, type Json, type JsonObject } from '../model/json.ts';
import type { ActivityParties, Table } from '../model/table.ts';
import { encodeParties } from '../run/codec/encode-parties.ts';
import { shapeRow } from '../run/codec/shape-row.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import { type Handler, type HandlerContext, tableOf } from './handler.ts';
import { sendRead } from './send-read.ts';

/** Reads the attendees of an appointment by role, in the form in which they are written. */
export const getAttendees: Handler = async ({ id }, context): Promise<Json> => {
  return toRoles(tableOf(context), await readParties(context, String(id)));
};

/**
 * Replaces the attendees in the given roles; those of other roles stay. Dataverse replaces all parties of an activity at
 * once.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api
 */
export const setAttendees: Handler = async ({ id, ...roles }, context): Promise<Json> => {
  const { connection, action, options } = context;
  const table = tableOf(context);
  const current = toRoles(table, await readParties(context, String(id)));
  const wanted: JsonObject = { ...current, ...roles };
  const parties = table.parties ?? [];
  const value = parties.flatMap((role) => encodeParties(role, wanted[role.name] ?? null, ''));
  await sendApiRequest(connection, {
    operation: action.id,
    method: 'PUT',
    path: `/${table.entitySet}(${id})/${collectionOf(parties)}`,
    body: { value },
    safety: 'repeatable',
    signal: options.signal,
  });
  return toRoles(table, await readParties(context, String(id)));
};

function collectionOf([first]: readonly ActivityParties[]): string {
  return first?.collection ?? '';
}

/** The activity with its parties. */
async function readParties(context: HandlerContext, id: string): Promise<JsonObject> {
  const { entitySet, key, parties = [] } = tableOf(context);
  const expand = `${collectionOf(parties)}($select=_partyid_value,participationtypemask,addressused)`;
  const body = await sendRead(context, {
    path: `/${entitySet}(${id})`,
    query: { $select: key, $expand: expand },
  });
  return body as JsonObject;
}

/** The people of each role; without the owner and the regarding row, which are parties too. */
function toRoles(table: Table, row: JsonObject): JsonObject {
  const shaped = shapeRow(table, row);
  const people = (table.parties ?? []).map(({ name }) => [name, shaped[name] ?? []] as const);
  return Object.fromEntries(people.filter(([, list]) => isJsonArray(list)));
}
