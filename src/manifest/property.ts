import type { JsonSchema } from '../model/json.ts';
import type { SlotType } from '../model/template.ts';

/** One property, as each side of the connector sees it. */
export interface Property {
  /** How its value is written into a request. */
  readonly type: SlotType;
  /** What we accept. */
  readonly input: JsonSchema;
  /** What we answer: looser, since organisations customise, and nullable. */
  readonly output: JsonSchema;
  /** What a hole may name below it. */
  readonly properties?: Properties;
}

export interface Properties {
  readonly known: ReadonlyMap<string, Property>;
  /** Names that every checked value has: required, or with a default. */
  readonly present: ReadonlySet<string>;
  /** Names whose property has a fault of its own: a hole that names them is not blamed as well. */
  readonly broken?: ReadonlySet<string>;
}

/** The same input schema, which also takes `null`. */
export function nullable(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const types = [schema.type].flat();
  const choices = Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, ...choices, type: [...types, 'null'] };
}

/** An object of these properties and no others; keywords that would say nothing are left out. */
export function objectOf(
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
export function pick(yaml: object, keywords: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(yaml).filter(([keyword]) => keywords.includes(keyword)));
}

/** The words about a property that its input schema keeps. */
export function asAccepted(yaml: object): JsonSchema {
  return pick(yaml, ['title', 'description', 'default', 'examples']);
}

/** The words about a property that its output schema keeps: a default is the caller's matter. */
export function asAnswered(yaml: object): JsonSchema {
  return pick(yaml, ['title', 'description']);
}
