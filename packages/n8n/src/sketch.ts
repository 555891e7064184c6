import type { Json, JsonSchema } from 'dynamics365-connector';

/** An id where any will do. */
export const someId = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';

/** What a value may look like: its example, or what it needs, filled in. Undefined where the schema does not tell. */
export function sketch(schema: JsonSchema): Json | undefined {
  const { examples, enum: values, format, type, items } = schema as Shape;
  const [example = values?.[0]] = examples ?? [];
  if (example !== undefined) return example;
  if (format === 'uuid') return someId;
  if (type === 'object') return sketchObject(schema as Shape);
  const one = type === 'array' && items !== undefined ? sketch(items) : undefined;
  return one === undefined ? undefined : [one];
}

interface Shape {
  readonly examples?: readonly Json[];
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly type?: string | readonly string[];
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function sketchObject({ required = [], properties = {} }: Shape): Json | undefined {
  if (required.length === 0) return undefined;
  return Object.fromEntries(required.map((name) => [name, sketch(properties[name] ?? {}) ?? '\u2026']));
}
