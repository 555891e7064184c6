import type { JsonSchema } from 'dynamics365-connector';

/** What a reader of names and descriptions can do without: the engine checks the input in full anyway. */
const droppedKeywords = new Set(['title', 'minLength', 'maxLength', 'examples', 'additionalProperties']);

/**
 * A schema in fewer bytes: whatever fits the full one fits it too. Below the input's own properties only what is
 * required stays, and no descriptions.
 */
export function compactSchema(schema: JsonSchema): JsonSchema {
  return compactKeywords(schema, (properties) =>
    mapValues(properties, (property) => compactKeywords(property, keepRequired)),
  );
}

type SchemaProperties = Readonly<Record<string, JsonSchema>>;

function compactKeywords(
  schema: JsonSchema,
  inner: (properties: SchemaProperties, schema: JsonSchema) => SchemaProperties,
) {
  const kept = Object.entries(schema).filter(([keyword]) => !droppedKeywords.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]): [string, unknown] => {
      if (keyword === 'items') return [keyword, withoutDescription(value as JsonSchema)];
      if (keyword === 'anyOf') return [keyword, (value as readonly JsonSchema[]).map(withoutDescription)];
      if (keyword === 'properties') return [keyword, inner(value as SchemaProperties, schema)];
      return [keyword, value];
    }),
  );
}

function keepRequired(properties: SchemaProperties, { required = [] }: JsonSchema): SchemaProperties {
  const needed = Object.entries(properties).filter(([name]) =>
    (required as readonly string[]).includes(name),
  );
  return mapValues(Object.fromEntries(needed), withoutDescription);
}

function withoutDescription(schema: JsonSchema): JsonSchema {
  const { description: _, ...rest } = compactKeywords(schema, keepRequired);
  return rest;
}

function mapValues(
  properties: SchemaProperties,
  change: (schema: JsonSchema) => JsonSchema,
): SchemaProperties {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, change(schema)]));
}

/** Only what kind of thing an output is. */
export function typeOnlySchema({ type }: JsonSchema): JsonSchema {
  return type === undefined ? {} : { type };
}
