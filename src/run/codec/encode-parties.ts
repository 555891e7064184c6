import { isGuid } from '../../model/guid.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { ActivityParties } from '../../model/table.ts';
import { findTarget, targetNames } from './encode-lookup.ts';
import { rejectAt } from './invalid-value.ts';

/**
 * The participants of one role as activityparty rows: bound to a row, or with an email address alone.
 * https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 *
 * @param people one or a list of `{ table, id }` or `{ address }`; null is none
 * @param path where the row is in the input
 */
export function encodeParties(parties: ActivityParties, people: Json, path: string): readonly JsonObject[] {
  if (people === null) return [];
  if (isJsonObject(people)) return encodeParties(parties, [people], path);
  if (!isJsonArray(people)) return rejectAt(path, parties.name)('must be a list: [{ "table": …, "id": … }]');
  return people.map((person, index): JsonObject => {
    const role = { participationtypemask: parties.role };
    const { table, id, address } = isJsonObject(person) ? person : {};
    const used: JsonObject = typeof address === 'string' ? { addressused: address } : {};
    const target = table === undefined ? undefined : findTarget(parties.targets, table, {});
    if (target !== undefined && typeof id === 'string' && isGuid(id)) {
      return { ...role, [`${target.navigation}@odata.bind`]: `/${target.entitySet}(${id})`, ...used };
    }
    if (table !== undefined || typeof address !== 'string') {
      const known = targetNames(parties.targets).join(', ');
      const message = `must have a table (one of: ${known}) and an id, or an address`;
      return rejectAt(path, parties.name, index)(message);
    }
    return { ...role, ...used };
  });
}
