import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { PlaceholderType } from '../model/template.ts';

/**
 * A value as it stands in a body. Labels are our words, not Dataverse's: a choice goes out as its number, a lookup
 * as an entity reference (its type and key), a list as one text where Dataverse takes it so.
 */
export function encodeJsonValue(value: Json | undefined, type: PlaceholderType): Json | undefined {
  if (value === undefined || value === null) return value;
  if (type.kind === 'choice' && typeof value === 'string' && Object.hasOwn(type.choices ?? {}, value)) {
    return type.choices![value]!;
  }
  if (type.kind === 'lookup') return encodeEntityReference(value as JsonObject, type);
  if (!Array.isArray(value)) return value;
  if (type.separator !== undefined) return value.join(type.separator);
  const { items } = type;
  return items === undefined ? value : value.map((item: Json) => encodeJsonValue(item, items) ?? null);
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions */
function encodeEntityReference({ table, id }: JsonObject, { targets = [] }: PlaceholderType): JsonObject {
  const target = table === undefined ? targets[0] : targets.find((candidate) => candidate.table === table);
  if (target === undefined)
    throw new ConnectorError('INPUT_INVALID', 'A lookup names a table it cannot have.');
  const { logicalName, key = `${logicalName}id` } = target;
  return { '@odata.type': `Microsoft.Dynamics.CRM.${logicalName}`, [key]: id! };
}
