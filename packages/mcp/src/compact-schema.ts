import type { JsonSchema } from 'dynamics365-connector';

type SchemaProperties = Readonly<Record<string, JsonSchema>>;

/** Keywords that an AI client does not need; the engine checks the input against the full schema. */
const droppedKeywords = new Set(['title', 'minLength', 'maxLength', 'examples', 'additionalProperties']);

/**
 * A shorter schema: every value that is valid for the full schema is valid for it too. Nested objects keep only
 * their required properties, without descriptions.
 */
export function compactSchema(schema: JsonSchema): JsonSchema {
  return compactKeywords(schema, (properties) =>
    mapValues(properties, (property) => compactKeywords(property, keepRequired)),
  );
}

/** The schema reduced to its `type`. */
export function typeOnlySchema({ type }: JsonSchema): JsonSchema {
  return type === undefined ? {} : { type };
}

function compactKeywords(
  schema: JsonSchema,
  compactProperties: (properties: SchemaProperties, schema: JsonSchema) => SchemaProperties,
): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => !droppedKeywords.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]): [string, unknown] => {
      if (keyword === 'items') return [keyword, withoutDescription(value as JsonSchema)];
      if (keyword === 'anyOf') return [keyword, (value as readonly JsonSchema[]).map(withoutDescription)];
      if (keyword === 'properties') return [keyword, compactProperties(value as SchemaProperties, schema)];
      return [keyword, value];
    }),
  );
}

function keepRequired(properties: SchemaProperties, schema: JsonSchema): SchemaProperties {
  const required = (schema.required ?? []) as readonly string[];
  const kept = Object.entries(properties).filter(([name]) => required.includes(name));
  return mapValues(Object.fromEntries(kept), withoutDescription);
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
