import type { JsonSchema } from '../../model/json.ts';

/** A JSON Schema as a TypeScript type; what the language cannot say (lengths, formats) is left out. */
export function schemaType(schema: JsonSchema, indent = ''): string {
  const {
    enum: choices,
    anyOf,
    const: only,
  } = schema as { [keyword: string]: readonly unknown[] | undefined };
  if (choices !== undefined) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  const either = (anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (either !== undefined) return unique(either.map((one) => schemaType(one, indent))).join(' | ');
  const types = [schema.type].flat() as readonly (string | undefined)[];
  return unique(types.map((type) => plainType(type, schema, indent))).join(' | ');
}

function plainType(type: string | undefined, schema: JsonSchema, indent: string): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const items = schemaType((schema.items ?? {}) as JsonSchema, indent);
      return `readonly ${/[ |]/.test(items) ? `(${items})` : items}[]`;
    }
    case 'object':
      return objectType(schema, indent);
    default:
      return 'Json';
  }
}

function objectType(schema: JsonSchema, indent: string): string {
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
  if (properties.length === 0)
    return schema.additionalProperties === false ? '{ readonly [name: string]: never }' : 'JsonObject';
  const required = new Set((schema.required ?? []) as readonly string[]);
  const inner = `${indent}  `;
  const lines = properties.map(([name, property]) => {
    const mark = required.has(name) ? '' : '?';
    return `${comment(property, inner)}${inner}readonly ${propertyName(name)}${mark}: ${schemaType(property, inner)};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}

/** A name as it stands before the colon of a type. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
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
