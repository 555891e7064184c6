import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject, JsonSchema } from '../model/json.ts';
import { ownValue } from '../model/own-value.ts';

/** The row that a step writes, for references in later steps. */
export interface StepRow {
  readonly id: string;
  readonly logicalName: string;
  /** Our names of the table. */
  readonly names: readonly string[];
}

/** The rows of the named steps so far. A value is undefined if the id of the row is not known before the step runs. */
export type StepRows = ReadonlyMap<string, StepRow | undefined>;

/**
 * Replaces every `{ from: 'customer' }` in an input by the row of the step with that name: by its id if the schema
 * requires a text, otherwise by `{ table, id }`. INPUT_INVALID if no earlier step has that name.
 */
export function resolveReferences(input: JsonObject, schema: JsonSchema, rows: StepRows): JsonObject {
  return hasReference(input) ? resolveMembers(input, schema, { path: '', rows }) : input;
}

/** Whether an object with a text `from` is inside: most steps refer to no other. */
function hasReference(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (isList(value)) return value.some(hasReference);
  const object = value as JsonObject;
  if (typeof object.from === 'string') return true;
  for (const name in object) if (hasReference(object[name] ?? null)) return true;
  return false;
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

/** The name in `{ from: 'customer' }`; undefined for an object with other properties. */
function referencedName(value: JsonObject): string | undefined {
  return typeof value.from === 'string' && Object.keys(value).length === 1 ? value.from : undefined;
}

function propertyOf({ properties }: JsonSchema, name: string): JsonSchema {
  const known = (properties ?? {}) as Readonly<Record<string, JsonSchema>>;
  return ownValue(known, name) ?? {};
}

/** The id of a row, or a link to it with the name that its table has in the schema. */
function referenceValue({ id, logicalName, names }: StepRow, schema: JsonSchema): Json {
  if ([schema.type].flat().includes('string')) return id;
  const known = propertyOf(schema, 'table').enum as readonly string[] | undefined;
  // A schema that does not list tables takes their logical names.
  if (known === undefined) return { table: logicalName, id };
  const all = [...names, logicalName];
  return { table: all.find((name) => known.includes(name)) ?? names[0] ?? logicalName, id };
}

function requireStepRow(name: string, { path, rows }: ReferenceContext): StepRow {
  const row = rows.get(name);
  if (row !== undefined) return row;
  const message = rows.has(name)
    ? `refers to the step "${name}", whose row id is not known in advance; refer to a step that creates a row or has its id as input`
    : `refers to the step "${name}", but no earlier step has that name`;
  throw new ConnectorError('INPUT_INVALID', `${path} ${message}`, {
    issues: [{ path, message, keyword: 'from' }],
    suggestions: suggest(name, rows.keys()),
  });
}
