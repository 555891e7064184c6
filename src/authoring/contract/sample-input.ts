import type { ActionDefinition } from '../../model/definition.ts';
import type { Json, JsonObject, JsonSchema } from '../../model/json.ts';

/** A valid input of an action: that of its first successful contract test, or one generated from its schema. */
export function sampleInput(action: ActionDefinition): JsonObject {
  const test = action.tests.find((candidate) => candidate.fails === undefined);
  return test?.input ?? { ...sampleKey(action), ...sampleObject(action.input, false) };
}

/** The columns that identify the row: the id if the input lists its key columns, otherwise the first column. */
function sampleKey({ request, input }: ActionDefinition): JsonObject {
  const match = request?.match;
  if (match === undefined) return {};
  const properties = Object.entries((input.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  const key = match.columns === undefined ? properties : properties.filter(([name]) => name === 'id');
  return Object.fromEntries(key.slice(0, 1).map(([name, schema]) => [name, sampleValue(schema)]));
}

/** An input with a value for every property, so that it fills every placeholder of the request. */
export function fullInput(action: ActionDefinition): JsonObject {
  return { ...sampleObject(action.input, true), ...sampleInput(action) };
}

function sampleObject(schema: JsonSchema, all: boolean): JsonObject {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  const entries = Object.entries(properties).filter(([name]) => all || required.has(name));
  return Object.fromEntries(entries.map(([name, property]) => [name, sampleValue(property)]));
}

function sampleValue(schema: JsonSchema): Json {
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
