import type { Json, JsonSchema } from '../model/json.ts';

/** A sample GUID for placeholders. */
export const exampleId = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

/** A sample value: the schema's example, or an object with its required properties. Undefined if the schema has neither. */
export function exampleFromSchema(schema: JsonSchema): Json | undefined {
  const { examples, enum: values, format, type, items } = schema as ExampleSchema;
  const [example = values?.[0]] = examples ?? [];
  if (example !== undefined) return example;
  if ([type].flat().includes('object')) return exampleObject(schema as ExampleSchema);
  if (format === 'uuid') return exampleId;
  const isList = [type].flat().includes('array');
  const item = isList && items !== undefined ? exampleFromSchema(items) : undefined;
  return item === undefined ? undefined : [item];
}

interface ExampleSchema {
  readonly examples?: readonly Json[];
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly type?: string | readonly string[];
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  /** A lookup requires its id unless it has an alternate key. */
  readonly then?: { readonly required?: readonly string[] };
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function exampleObject({
  required: always = [],
  properties = {},
  ...schema
}: ExampleSchema): Json | undefined {
  const required = [...always, ...(schema.then?.required ?? [])];
  if (required.length === 0) return undefined;
  return Object.fromEntries(
    required.map((name) => [name, exampleFromSchema(properties[name] ?? {}) ?? '\u2026']),
  );
}
