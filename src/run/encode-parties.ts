import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { ActivityParties } from '../model/table.ts';

/**
 * The participants of one role as activityparty rows: bound to a row, or with an email address alone.
 * https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 */
export function encodeParties(
  parties: ActivityParties,
  people: readonly JsonObject[],
): readonly JsonObject[] {
  return people.map(({ table, id, address }, index): JsonObject => {
    const role = { participationtypemask: parties.role };
    const used: JsonObject = address === undefined ? {} : { addressused: address };
    const target = parties.targets.find((candidate) => candidate.table === table);
    if (target !== undefined) {
      return { ...role, [`${target.navigation}@odata.bind`]: `/${target.entitySet}(${id})`, ...used };
    }
    if (address === undefined) throw missingPartyError(`/${parties.name}/${index}`);
    return { ...role, ...used };
  });
}

function missingPartyError(path: string): ConnectorError {
  const message = 'must have a table and an id, or an address';
  return new ConnectorError('INPUT_INVALID', `${path} ${message}`, {
    issues: [{ path, message, keyword: 'codec' }],
  });
}
