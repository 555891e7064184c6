import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';
import type { PlaceholderType } from '../model/template.ts';

/**
 * A value in the form that a request body needs: a choice label becomes its number, a lookup becomes an entity
 * reference (type and key), and a list becomes one text if its type has a separator.
 */
export function encodeJsonValue(value: Json | undefined, type: PlaceholderType): Json | undefined {
  if (value === undefined || value === null) return value;
  if (type.kind === 'choice' && typeof value === 'string') return ownValue(type.choices, value) ?? value;
  if (type.kind === 'lookup') return encodeEntityReference(value as unknown as InputLookup, type);
  if (!Array.isArray(value)) return value;
  if (type.separator !== undefined) return value.join(type.separator);
  const { items } = type;
  return items === undefined ? value : value.map((item: Json) => encodeJsonValue(item, items) ?? null);
}

/** A lookup of an input that was checked against its schema. */
interface InputLookup {
  readonly table?: string;
  readonly id: string;
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions */
function encodeEntityReference({ table, id }: InputLookup, { targets = [] }: PlaceholderType): JsonObject {
  const target = table === undefined ? targets[0] : targets.find((candidate) => candidate.table === table);
  if (target === undefined) {
    const known = targets.map((candidate) => candidate.table).join(' or ');
    throw new ConnectorError('INPUT_INVALID', `A lookup has the table "${table}"; it must be ${known}.`);
  }
  const { logicalName, key = `${logicalName}id` } = target;
  return { '@odata.type': `Microsoft.Dynamics.CRM.${logicalName}`, [key]: id };
}
