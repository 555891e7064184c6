import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/**
 * A row or an item without the name of a row that it refers to: `{ table, id, name }` loses its name, and a column with the
 * id loses its annotations.
 */
export function withoutNameOf(value: Json, id: string): Json {
  if (Array.isArray(value)) return value.map((each) => withoutNameOf(each, id));
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).filter((name) => isReference(value, name, id));
  const members = Object.entries(value).filter(
    ([name]) =>
      !names.some((column) => name.startsWith(`${column}@`) || (column === 'id' && name === 'name')),
  );
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNameOf(member, id)]));
}

function isReference(value: JsonObject, name: string, id: string): boolean {
  const member = value[name];
  return typeof member === 'string' && member.toLowerCase() === id;
}
