import type { JsonSchema } from '../model/json.ts';
import type { FieldKind } from './field-view.ts';

/** What the schema of a value says about its field. */
export type SchemaClass =
  | { readonly kind: Exclude<FieldKind, 'choice' | 'choices' | 'lookup' | 'lookups' | 'people'> }
  | { readonly kind: 'choice' | 'choices'; readonly values: readonly string[] }
  | { readonly kind: 'lookup' | 'lookups' | 'people'; readonly tables: readonly string[] };

/** A text of this length or more has several lines. */
const longTextLength = 2000;

/** Classifies a value by its schema alone. */
export function classifySchema(schema: JsonSchema): SchemaClass {
  const values = findEnum(schema);
  if (values !== undefined) return { kind: 'choice', values };
  const tables = lookupTablesOf(schema);
  if (tables !== undefined) return { kind: 'lookup', tables };
  return classifyList(schema) ?? classifyScalar(schema);
}

/** The `enum` of a schema or of one of its `anyOf` branches. */
export function findEnum(schema: JsonSchema): readonly string[] | undefined {
  const branches = (schema.anyOf ?? [schema]) as readonly JsonSchema[];
  return branches.map((branch) => branch.enum as readonly string[] | undefined).find(Boolean);
}

/** The tables of a lookup: `{ table, id }`. */
function lookupTablesOf({ properties }: JsonSchema): readonly string[] | undefined {
  const { table, id } = (properties ?? {}) as Readonly<Record<string, JsonSchema | undefined>>;
  return id === undefined ? undefined : (table?.enum as readonly string[] | undefined);
}

function classifyList({ items }: JsonSchema): SchemaClass | undefined {
  if (items === undefined) return undefined;
  const item = items as JsonSchema;
  const tables = lookupTablesOf(item);
  if (tables !== undefined) return { kind: hasMember(item, 'address') ? 'people' : 'lookups', tables };
  if (hasMember(item, 'content') && hasMember(item, 'fileName')) return { kind: 'files' };
  if (item.type !== 'string') return undefined;
  const values = item.enum as readonly string[] | undefined;
  return values === undefined ? { kind: 'texts' } : { kind: 'choices', values };
}

function hasMember({ properties }: JsonSchema, name: string): boolean {
  return Object.hasOwn((properties ?? {}) as object, name);
}

function classifyScalar({ type, format, maxLength }: JsonSchema): SchemaClass {
  const types = [type].flat();
  if (types.includes('boolean')) return { kind: 'boolean' };
  if (types.includes('integer') || types.includes('number')) return { kind: 'number' };
  if (!types.includes('string')) return { kind: 'json' };
  if (format === 'date-time' || format === 'date') return { kind: format };
  const isLong = typeof maxLength === 'number' && maxLength >= longTextLength && format === undefined;
  return { kind: isLong ? 'long-text' : 'text' };
}
