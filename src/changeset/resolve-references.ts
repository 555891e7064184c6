import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject, JsonSchema } from '../model/json.ts';

/** The row that a step writes, as later steps may name it. */
export interface StepRow {
  readonly id: string;
  /** Its table: our names for it, then its logical name. */
  readonly tables: readonly string[];
}

/** What is known of the steps so far: each name with its row; undefined where nobody can know it beforehand. */
export type StepRows = ReadonlyMap<string, StepRow | undefined>;

/**
 * An input in which every `{ from: 'customer' }` has become the row of the step of that name: its id where the schema
 * wants a text, `{ table, id }` anywhere else. INPUT_INVALID for a name that no earlier step has.
 */
export function resolveReferences(input: JsonObject, schema: JsonSchema, rows: StepRows): JsonObject {
  return resolveMembers(input, schema, { path: '', rows });
}

interface ReferenceContext {
  readonly path: string;
  readonly rows: StepRows;
}

function resolveValue(value: Json, schema: JsonSchema, context: ReferenceContext): Json {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) {
    const items = (schema.items ?? {}) as JsonSchema;
    return value.map((item, at) => resolveValue(item, items, { ...context, path: `${context.path}/${at}` }));
  }
  const name = referencedName(value);
  if (name !== undefined) return referenceValue(requireStepRow(name, context), schema);
  return resolveMembers(value as JsonObject, schema, context);
}

function resolveMembers(value: JsonObject, schema: JsonSchema, { path, rows }: ReferenceContext): JsonObject {
  const entries = Object.entries(value).map(([name, member]) => {
    const context = { path: `${path}/${name}`, rows };
    return [name, resolveValue(member, propertyOf(schema, name), context)] as const;
  });
  return Object.fromEntries(entries);
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

/** The name in `{ from: 'customer' }`, and in nothing else. */
function referencedName(value: JsonObject): string | undefined {
  return typeof value.from === 'string' && Object.keys(value).length === 1 ? value.from : undefined;
}

function propertyOf({ properties }: JsonSchema, name: string): JsonSchema {
  const known = (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.hasOwn(known, name) ? known[name]! : {};
}

/** A row as a place takes it: by the name that its table has there. */
function referenceValue({ id, tables }: StepRow, schema: JsonSchema): Json {
  if ([schema.type].flat().includes('string')) return id;
  const known = propertyOf(schema, 'table').enum as readonly string[] | undefined;
  // Where tables are not listed they have their logical names.
  const table =
    known === undefined ? tables.at(-1)! : (tables.find((one) => known.includes(one)) ?? tables[0]!);
  return { table, id };
}

function requireStepRow(name: string, { path, rows }: ReferenceContext): StepRow {
  const row = rows.get(name);
  if (row !== undefined) return row;
  const message = rows.has(name)
    ? `names the step "${name}", whose row nobody knows beforehand; a step that creates a row, or is given its id, can be named`
    : `names the step "${name}", and no earlier step has that name`;
  throw new ConnectorError('INPUT_INVALID', `${path} ${message}`, {
    issues: [{ path, message, keyword: 'from' }],
    suggestions: suggest(name, rows.keys()),
  });
}
