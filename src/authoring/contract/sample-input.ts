import type { ActionDefinition } from '../../model/definition.ts';
import type { Json, JsonObject, JsonSchema } from '../../model/json.ts';

/** An input that the action accepts: that of its first passing contract test, or one made from its schema. */
export function sampleInput(action: ActionDefinition): JsonObject {
  const test = action.tests.find((candidate) => candidate.fails === undefined);
  return test?.input ?? { ...sampleKey(action), ...sampleObject(action.input, false) };
}

/** What a row is found by: the id where the input says what counts, else its first column. */
function sampleKey({ request, input }: ActionDefinition): JsonObject {
  const match = request?.match;
  if (match === undefined) return {};
  const properties = (input.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const name = match.columns === undefined ? Object.keys(properties)[0]! : 'id';
  return { [name]: sampleValue(properties[name]!) };
}

/** Every property filled in, so that every hole of a request is used. */
export function fullInput(action: ActionDefinition): JsonObject {
  return { ...sampleObject(action.input, true), ...sampleInput(action) };
}

function sampleObject(schema: JsonSchema, all: boolean): JsonObject {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  const names = Object.keys(properties).filter((name) => all || required.has(name));
  return Object.fromEntries(names.map((name) => [name, sampleValue(properties[name]!)]));
}

function sampleValue(schema: JsonSchema): Json {
  const { enum: choices, anyOf, default: given, examples } = schema as { [keyword: string]: readonly Json[] };
  if (given !== undefined) return given as Json;
  if (choices !== undefined) return choices[0]!;
  if (examples?.[0] !== undefined) return examples[0];
  if (anyOf !== undefined) return sampleValue(anyOf[0] as unknown as JsonSchema);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return sampleObject(schema, false);
  if (type === 'array') return [sampleValue((schema.items ?? {}) as JsonSchema)];
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1);
  if (type === 'boolean') return true;
  return formats[String(schema.format)] ?? 'x'.repeat(Number(schema.minLength ?? 1));
}

const formats: Readonly<Record<string, string>> = {
  uuid: '11111111-1111-4111-8111-111111111111',
  date: '2026-01-15',
  'date-time': '2026-01-15T09:00:00Z',
  email: 'ann@example.com',
  uri: 'https://example.com/',
  'odata-filter': 'createdon ne null',
};
