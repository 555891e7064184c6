import type { JsonSchema } from 'dynamics365-connector';

/** What a reader of names and descriptions can do without: the engine checks the input in full anyway. */
const dispensable = new Set(['title', 'minLength', 'maxLength', 'examples', 'additionalProperties']);

/**
 * A schema in fewer bytes: whatever fits the full one fits it too. Below the input's own properties only what is
 * required stays, and no descriptions.
 */
export function slim(schema: JsonSchema): JsonSchema {
  return slimmed(schema, (properties) => mapValues(properties, (property) => slimmed(property, requiredOf)));
}

type Properties = Readonly<Record<string, JsonSchema>>;

function slimmed(schema: JsonSchema, inner: (properties: Properties, schema: JsonSchema) => Properties) {
  const kept = Object.entries(schema).filter(([keyword]) => !dispensable.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]): [string, unknown] => {
      if (keyword === 'items') return [keyword, wordless(value as JsonSchema)];
      if (keyword === 'anyOf') return [keyword, (value as readonly JsonSchema[]).map(wordless)];
      if (keyword === 'properties') return [keyword, inner(value as Properties, schema)];
      return [keyword, value];
    }),
  );
}

function requiredOf(properties: Properties, { required = [] }: JsonSchema): Properties {
  const needed = Object.entries(properties).filter(([name]) =>
    (required as readonly string[]).includes(name),
  );
  return mapValues(Object.fromEntries(needed), wordless);
}

function wordless(schema: JsonSchema): JsonSchema {
  const { description: _, ...rest } = slimmed(schema, requiredOf);
  return rest;
}

function mapValues(properties: Properties, change: (schema: JsonSchema) => JsonSchema): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, change(schema)]));
}

/** Only what kind of thing an output is. */
export function outline({ type }: JsonSchema): JsonSchema {
  return type === undefined ? {} : { type };
}
