import type { JsonSchema } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { PlaceholderType } from '../../model/template.ts';

/** One property, compiled: how it is sent, accepted and returned. */
export interface CompiledProperty {
  /** How its value is written into a request. */
  readonly type: PlaceholderType;
  /** The schema of accepted values. */
  readonly input: JsonSchema;
  /** The schema of returned values: nullable and less strict, because organizations customize their columns. */
  readonly output: JsonSchema;
  /** Its name in Dataverse, for a column: `prioritycode`, `_customerid_value`. */
  readonly column?: string;
  /** The members that a placeholder can name. */
  readonly properties?: CompiledProperties;
}

export interface CompiledProperties {
  readonly known: ReadonlyMap<string, CompiledProperty>;
  /** Names that every valid value has: required, or with a default. */
  readonly alwaysPresent: ReadonlySet<string>;
  /** Names of properties with errors: a placeholder that names one of them is not reported as well. */
  readonly invalid?: ReadonlySet<string>;
}

/** The same schema, but it also accepts `null`. */
export function toNullable(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const types = [schema.type].flat();
  const choices = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, ...choices, type: [...types, 'null'] };
}

/** The schema of an object with these properties and no others. `required` is omitted if it is empty. */
export function objectSchema(
  properties: ReadonlyMap<string, JsonSchema>,
  required: Iterable<string>,
): JsonSchema {
  const names = [...required];
  return omitUndefined({
    type: 'object',
    additionalProperties: false,
    required: names.length > 0 ? names : undefined,
    properties: Object.fromEntries(properties),
  });
}

/** The given keywords of a schema, without those that it does not have. */
export function pickKeywords(yaml: object, keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(yaml).filter(([keyword]) => keywords.includes(keyword)));
}

/** The annotations of a property that its input schema keeps. */
export function inputAnnotations(yaml: object): JsonSchema {
  return pickKeywords(yaml, ['title', 'description', 'default', 'examples']);
}

/** The annotations of a property that its output schema keeps; a default only concerns the input. */
export function outputAnnotations(yaml: object): JsonSchema {
  return pickKeywords(yaml, ['title', 'description']);
}
