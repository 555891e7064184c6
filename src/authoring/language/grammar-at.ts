import { requestForms } from '../../manifest/grammar/action-grammar.ts';
import { type GrammarName, grammars } from '../../manifest/grammar/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/** The keys of a request that name a table. */
export const tableVerbs = Object.keys(requestForms).filter((verb) => verb !== 'method');

/** The grammar of a file by its name in the package; undefined for other files. */
export function grammarOf(file: string): GrammarName | undefined {
  if (file === 'connector.yaml') return 'connector';
  if (file.startsWith('actions/')) return 'action';
  if (file.startsWith('triggers/')) return 'trigger';
  return file.startsWith('schemas/tables/') ? 'table' : undefined;
}

/** What the grammar says of the value at a path; undefined if it does not know it. */
export function grammarAt(name: GrammarName, path: readonly string[]): JsonObject | undefined {
  const root = grammars[name] as JsonObject;
  return path.reduce<JsonObject | undefined>((schema, key) => schema && memberOf(schema, key, root), root);
}

/** The keys of an object, with their schemas. */
export function keysOf(schema: JsonObject | undefined): readonly (readonly [string, JsonObject])[] {
  const { properties } = schema ?? {};
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, value]) =>
    isJsonObject(value) ? [[key, value] as const] : [],
  );
}

/** The values that a schema lists: an enum, a constant, true and false. */
export function valuesOf(schema: JsonObject | undefined): readonly string[] {
  const { enum: values, const: only, type } = schema ?? {};
  const listed = Array.isArray(values) ? (values as readonly Json[]) : only === undefined ? [] : [only];
  return type === 'boolean' ? ['true', 'false'] : listed.map(String);
}

function memberOf(schema: JsonObject, key: string, root: JsonObject): JsonObject | undefined {
  const { properties, additionalProperties, items } = schema;
  const own = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  const found = own ?? (/^\d+$/.test(key) ? items : undefined) ?? additionalProperties;
  return isJsonObject(found) ? resolve(found, root) : undefined;
}

function resolve(schema: JsonObject, { definitions }: JsonObject): JsonObject {
  const [, name] = /^#\/definitions\/(\w+)$/.exec(typeof schema.$ref === 'string' ? schema.$ref : '') ?? [];
  const target = name !== undefined && isJsonObject(definitions) ? definitions[name] : undefined;
  return isJsonObject(target) ? { ...target, ...schema } : schema;
}
