import { isJsonObject, type JsonSchema } from '../model/json.ts';

/** Returns a copy of a value in which missing properties have their defaults. */
export type FillDefaults = (value: unknown) => unknown;

/**
 * Compiles a function that returns a copy of a value in which missing properties have the `default` of the schema, at any
 * depth. The value itself is not changed. Parts that the schema does not describe are returned as they are; `__proto__` is
 * copied as a plain name.
 */
export function compileDefaults(schema: JsonSchema): FillDefaults {
  const fillItem = isJsonObject(schema.items) ? compileDefaults(schema.items) : undefined;
  const fillObject = isJsonObject(schema.properties) ? compileObject(schema.properties) : undefined;
  return (value) => {
    if (Array.isArray(value)) return fillItem === undefined ? value : value.map((item) => fillItem(item));
    return fillObject !== undefined && isJsonObject(value) ? fillObject(value) : value;
  };
}

/** The same for one value. */
export function withDefaults(schema: JsonSchema, value: unknown): unknown {
  return compileDefaults(schema)(value);
}

function compileObject(properties: Readonly<Record<string, unknown>>): FillDefaults {
  const parts: (readonly [name: string, fill: FillDefaults])[] = [];
  const defaults: (readonly [name: string, value: unknown])[] = [];
  for (const [name, schema] of Object.entries(properties)) {
    if (!isJsonObject(schema)) continue;
    if (isJsonObject(schema.items) || isJsonObject(schema.properties))
      parts.push([name, compileDefaults(schema)]);
    if (schema.default !== undefined) defaults.push([name, schema.default]);
  }
  return (value) => {
    // A spread defines own properties, so a property called __proto__ stays data.
    const filled: Record<string, unknown> = { ...(value as object) };
    for (const [name, fill] of parts) if (Object.hasOwn(filled, name)) filled[name] = fill(filled[name]);
    for (const [name, fallback] of defaults) if (!Object.hasOwn(filled, name)) setOwn(filled, name, fallback);
    return filled;
  };
}

function setOwn(object: Record<string, unknown>, name: string, fallback: unknown): void {
  const value = typeof fallback === 'object' ? structuredClone(fallback) : fallback;
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
