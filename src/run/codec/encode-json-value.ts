import { joinWithOr } from '../../errors/join-with-or.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import { ownValue } from '../../model/own-value.ts';
import type { PlaceholderType } from '../../model/template.ts';
import { withRowType } from '../../odata/row-type.ts';
import { requireTable } from '../require-table.ts';
import { findTarget, type Tables } from './encode-lookup.ts';
import { encodeRow } from './encode-row.ts';
import { encodeColumnValue } from './encode-value.ts';
import { rejectAt } from './invalid-value.ts';

/** Where a value is in the input, and the tables of the definition. */
export interface JsonValueContext {
  /** A JSON Pointer: `/lines/0`. */
  readonly path: string;
  readonly tables: Tables;
}

/**
 * A value of an input in the form that a request body needs, at any depth: a choice becomes its number, a lookup an
 * entity reference (type and key), digits a JSON number, a row of a table file a row in Dataverse's names. A list becomes
 * one text if its type has a separator.
 *
 * @throws INPUT_INVALID with the path of the value that cannot be encoded
 */
export function encodeJsonValue(value: Json, type: PlaceholderType, context: JsonValueContext): Json {
  if (value === null) return null;
  switch (type.kind) {
    case 'lookup':
      return encodeEntityReference(value, type, context);
    case 'object':
      return isJsonObject(value) ? encodeMembers(value, type, context) : value;
    case 'array':
      return encodeItems(value, type, context);
    case 'names':
      return isJsonArray(value) && type.separator !== undefined ? value.join(type.separator) : value;
    case 'row':
      return isJsonObject(value) ? encodeNestedRow(value, type, context) : value;
    case 'choice':
    case 'choices':
    case 'decimal':
    case 'bigint':
    case 'uuid':
    case 'date':
    case 'date-time':
    case 'image':
      return encodeColumnValue({ type: type.kind, choices: type.choices }, value, rejectAt(context.path));
    default:
      return value;
  }
}

function encodeItems(value: Json, { items }: PlaceholderType, { path, tables }: JsonValueContext): Json {
  if (items === undefined || !isJsonArray(value)) return value;
  return value.map((item, at) => encodeJsonValue(item, items, { path: `${path}/${at}`, tables }));
}

function encodeMembers(
  value: JsonObject,
  { members = {} }: PlaceholderType,
  { path, tables }: JsonValueContext,
): JsonObject {
  const entries = Object.entries(value).map(([name, member]) => {
    const known = ownValue(members, name);
    if (known === undefined) return [name, member] as const;
    const at = path + toJsonPointer(name);
    return [known.wireName, encodeJsonValue(member, known.type, { path: at, tables })] as const;
  });
  return Object.fromEntries(entries);
}

/** A new row inside a body: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api */
function encodeNestedRow(
  value: JsonObject,
  { table = '' }: PlaceholderType,
  { path, tables }: JsonValueContext,
): JsonObject {
  return encodeRow(requireTable({ tables }, table), value, { path, tables, isNew: true });
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions */
function encodeEntityReference(
  value: Json,
  { targets = [] }: PlaceholderType,
  { path, tables }: JsonValueContext,
): JsonObject {
  const reject = rejectAt(path);
  const { table, id = null }: JsonObject = isJsonObject(value) ? value : { id: value };
  const target = findTarget(targets, table, tables);
  if (target === undefined) {
    return reject(`must point to ${joinWithOr(targets.map((known) => known.table))}`);
  }
  if (id === null)
    return reject(`must have the id of the ${target.table}: this action does not accept a key`);
  const { logicalName, key = `${logicalName}id` } = target;
  return withRowType(logicalName, { [key]: encodeColumnValue({ type: 'uuid' }, id, reject) });
}
