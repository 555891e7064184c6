import type { JsonSchema } from '../model/json.ts';
import type { PlaceholderType } from '../model/template.ts';

/** One property, as each side of the connector sees it. */
export interface CompiledProperty {
  /** How its value is written into a request. */
  readonly type: PlaceholderType;
  /** What we accept. */
  readonly input: JsonSchema;
  /** What we answer: looser, since organizations customise, and nullable. */
  readonly output: JsonSchema;
  /** What a hole may name below it. */
  readonly properties?: CompiledProperties;
}

export interface CompiledProperties {
  readonly known: ReadonlyMap<string, CompiledProperty>;
  /** Names that every checked value has: required, or with a default. */
  readonly alwaysPresent: ReadonlySet<string>;
  /** Names whose property has a fault of its own: a hole that names them is not blamed as well. */
  readonly invalid?: ReadonlySet<string>;
}

/** The same input schema, which also takes `null`. */
export function toNullable(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const types = [schema.type].flat();
  const choices = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, ...choices, type: [...types, 'null'] };
}

/** An object of these properties and no others; keywords that would say nothing are left out. */
export function objectSchema(
  properties: ReadonlyMap<string, JsonSchema>,
  required: Iterable<string>,
): JsonSchema {
  const names = [...required];
  return {
    type: 'object',
    additionalProperties: false,
    ...(names.length > 0 && { required: names }),
    properties: Object.fromEntries(properties),
  };
}

/** Only the keywords that are there. */
export function pickKeywords(yaml: object, keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(yaml).filter(([keyword]) => keywords.includes(keyword)));
}

/** The words about a property that its input schema keeps. */
export function inputAnnotations(yaml: object): JsonSchema {
  return pickKeywords(yaml, ['title', 'description', 'default', 'examples']);
}

/** The words about a property that its output schema keeps: a default is the caller's matter. */
export function outputAnnotations(yaml: object): JsonSchema {
  return pickKeywords(yaml, ['title', 'description']);
}
