import type { JsonSchema } from '../model/json.ts';

/** How types are written. */
export interface TypeStyle {
  /** The name of the type that is declared for a schema (a row of a table); undefined if there is none. */
  readonly nameOf: (schema: JsonSchema) => string | undefined;
  /** The indentation of the current line. */
  readonly indent: string;
}

/** Writes a JSON Schema as a TypeScript type. Lengths, formats and other limits have no equivalent and are omitted. */
export function schemaType(schema: JsonSchema, style: TypeStyle): string {
  return style.nameOf(schema) ?? writtenType(schema, style);
}

/** Like `schemaType`, but writes out the type even if the schema has a named type. */
export function writtenType(schema: JsonSchema, style: TypeStyle): string {
  const {
    enum: choices,
    anyOf,
    const: only,
  } = schema as { [keyword: string]: readonly unknown[] | undefined };
  if (choices !== undefined) return choices.map((choice) => literal(choice)).join(' | ');
  if (only !== undefined) return literal(only);
  const either = (anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (either !== undefined) return unique(either.map((one) => schemaType(one, style))).join(' | ');
  const types = [schema.type].flat() as readonly (string | undefined)[];
  return unique(types.map((type) => plainType(type, schema, style))).join(' | ');
}

function plainType(type: string | undefined, schema: JsonSchema, style: TypeStyle): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const items = schemaType((schema.items ?? {}) as JsonSchema, style);
      return `readonly ${/[ |]/.test(items) ? `(${items})` : items}[]`;
    }
    case 'object':
      return objectType(schema, style);
    default:
      return 'Json';
  }
}

function objectType(schema: JsonSchema, style: TypeStyle): string {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (properties.length === 0)
    return schema.additionalProperties === false ? '{ readonly [name: string]: never }' : 'JsonObject';
  const required = new Set((schema.required ?? []) as readonly string[]);
  const inner = `${style.indent}  `;
  const nestedStyle = { ...style, indent: inner };
  const lines = properties.map(([name, property]) => {
    const optionalMark = required.has(name) ? '' : '?';
    return `${comment(property, inner)}${inner}readonly ${propertyName(name)}${optionalMark}: ${schemaType(property, nestedStyle)};`;
  });
  return `{\n${lines.join('\n')}\n${style.indent}}`;
}

/** A property name in a type, quoted if necessary. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

function comment({ title, description }: JsonSchema, indent: string): string {
  const words = [title, description]
    .filter((text) => typeof text === 'string')
    .join('. ')
    .replaceAll('*/', '* /');
  return words === '' ? '' : `${indent}/** ${words.replace(/\s+/g, ' ').replace(/\.?$/, '.')} */\n`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** A value as a TypeScript literal, text in single quotes. */
function literal(value: unknown): string {
  const json = JSON.stringify(value);
  return typeof value === 'string'
    ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
    : json;
}
