import { isJsonObject, type JsonSchema } from '../model/json.ts';

/**
 * Returns a copy of `value` in which missing properties have the `default` of the schema, at any depth. The value itself is
 * not changed. Parts that the schema does not describe are returned as they are; `__proto__` is copied as a plain name.
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
  const present = Object.entries(value).map(
    ([name, part]) => [name, withDefaults(schemaOf(name), part)] as const,
  );
  const added = Object.keys(properties)
    .filter((name) => !Object.hasOwn(value, name) && schemaOf(name).default !== undefined)
    .map((name) => [name, structuredClone(schemaOf(name).default)] as const);
  // fromEntries defines own properties, so a property called __proto__ stays data.
  return Object.fromEntries([...present, ...added]);
}
