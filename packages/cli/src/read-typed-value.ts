import type { Json, JsonSchema } from 'dynamics365-connector';

/**
 * Reads a value of a command line by its schema. Without a schema, it is JSON if it parses as JSON, else text. A list of
 * texts can be written with commas.
 *
 * @example readTypedValue('90210', { type: 'string' }) // '90210'
 * @example readTypedValue('90210', { type: 'integer' }) // 90210
 * @example readTypedValue('name,phone', { type: 'array', items: { type: 'string' } }) // ['name', 'phone']
 */
export function readTypedValue(text: string, schema: JsonSchema | undefined): Json {
  return readTextList(text, schema) ?? readSingle(text, schema);
}

/** The texts of a list that is not written as JSON; undefined for anything else. */
function readTextList(text: string, schema: JsonSchema = {}): Json | undefined {
  const { types } = acceptedBy(schema);
  const isTextList = types.has('array') && !types.has('string') && isTextSchema(schema.items);
  if (!isTextList || Array.isArray(parseJson(text)) || parseJson(text) === null) return undefined;
  return text.split(',').map((item) => item.trim());
}

function isTextSchema(items: unknown): boolean {
  if (typeof items !== 'object' || items === null || Array.isArray(items)) return false;
  const { types } = acceptedBy(items as JsonSchema);
  return types.size === 1 && types.has('string');
}

function readSingle(text: string, schema: JsonSchema | undefined): Json {
  const parsed = parseJson(text);
  if (parsed === undefined) return text;
  if (typeof parsed === 'string') return parsed;
  const { types, values } = acceptedBy(schema ?? {});
  if (values.has(text)) return text;
  if (types.size === 0) return parsed;
  const acceptsText = types.has('string');
  // A double would round more digits than it can hold.
  if (typeof parsed === 'number' && acceptsText && String(parsed) !== text) return text;
  return [...types].some((type) => isOfType(parsed, type)) || !acceptsText ? parsed : text;
}

interface Accepted {
  /** JSON Schema types; empty if any type is accepted. */
  readonly types: ReadonlySet<string>;
  /** Texts of a list of values. */
  readonly values: ReadonlySet<string>;
}

function acceptedBy(schema: JsonSchema): Accepted {
  const branches = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  // A lookup has types of its own beside `anyOf`, which only says what an object needs.
  if (branches !== undefined && schema.type === undefined) {
    const all = branches.map(acceptedBy);
    return {
      types: new Set(all.flatMap(({ types }) => [...types])),
      values: new Set(all.flatMap(({ values }) => [...values])),
    };
  }
  const listed = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])) as readonly Json[];
  const types = schema.type === undefined ? listed.map((value) => typeOf(value)) : [schema.type].flat();
  return {
    types: new Set(types.map(String)),
    values: new Set(listed.filter((value) => typeof value === 'string')),
  };
}

function isOfType(value: Json, type: string): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
