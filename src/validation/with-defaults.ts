import { isJsonObject, type JsonSchema } from '../model/json.ts';

/**
 * A copy of `value` with the schema's `default`s filled in where an object lacks the property or an array's
 * items do. The caller's value is never touched; `__proto__` and its kin are copied as plain own names. What the
 * schema does not describe is handed on as it is, however deep it goes.
 */
export function withDefaults(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = schema.items;
    return isJsonObject(items) ? value.map((item) => withDefaults(items, item)) : value;
  }
  if (!isJsonObject(value) || !isJsonObject(schema.properties)) return value;
  const { properties } = schema;
  const schemaOf = (name: string) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isJsonObject(property) ? property : {};
  };
  const given = Object.entries(value).map(
    ([name, part]) => [name, withDefaults(schemaOf(name), part)] as const,
  );
  const added = Object.keys(properties)
    .filter((name) => !Object.hasOwn(value, name) && schemaOf(name).default !== undefined)
    .map((name) => [name, structuredClone(schemaOf(name).default)] as const);
  // fromEntries defines own properties, so a property called __proto__ stays data.
  return Object.fromEntries([...given, ...added]);
}
