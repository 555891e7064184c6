import type { Json, JsonObject, JsonSchema } from '../model/json.ts';

/** A valid object of a schema: its required properties, or all of them. */
export function sampleObject(schema: JsonSchema, all: boolean): JsonObject {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  // A lookup requires its id unless it has an alternate key.
  const { required: otherwise = [] } = (schema.then ?? {}) as { readonly required?: readonly string[] };
  const required = new Set([...((schema.required ?? []) as readonly string[]), ...otherwise]);
  const entries = Object.entries(properties).filter(([name]) => all || required.has(name));
  return Object.fromEntries(entries.map(([name, property]) => [name, sampleValue(property)]));
}

/** A valid value of a schema. */
export function sampleValue(schema: JsonSchema): Json {
  const { enum: [choice] = [], anyOf: [option] = [], examples: [example] = [] } = schema as ValueLists;
  if (schema.default !== undefined) return schema.default as Json;
  if (choice !== undefined) return choice;
  if (example !== undefined) return example;
  if (option !== undefined) return sampleValue(option);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return sampleObject(schema, false);
  if (type === 'array') return [sampleValue((schema.items ?? {}) as JsonSchema)];
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1);
  if (type === 'boolean') return true;
  if (schema.contentEncoding === 'base64') return 'AAAA';
  return formats[String(schema.format)] ?? 'x'.repeat(Number(schema.minLength ?? 1));
}

interface ValueLists {
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly JsonSchema[];
  readonly examples?: readonly Json[];
}

const formats: Readonly<Record<string, string>> = {
  uuid: '11111111-1111-4111-8111-111111111111',
  date: '2026-01-15',
  'date-time': '2026-01-15T09:00:00Z',
  email: 'ann@example.com',
  uri: 'https://example.com/',
  'odata-filter': 'createdon ne null',
};
