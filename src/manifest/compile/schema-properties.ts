import type { JsonSchema } from '../../model/json.ts';
import type { PlaceholderType } from '../../model/template.ts';
import type { CompiledProperties, CompiledProperty } from './compiled-property.ts';

/** The values that a placeholder can name in a value with this JSON Schema: the output of an action. */
export function schemaProperty(schema: JsonSchema): CompiledProperty {
  return {
    type: { kind: kindOf(schema) },
    input: schema,
    output: schema,
    properties: schemaProperties(schema),
  };
}

function schemaProperties({ properties, required }: JsonSchema): CompiledProperties | undefined {
  if (properties === undefined) return undefined;
  const known = Object.entries(properties as Readonly<Record<string, JsonSchema>>);
  return {
    known: new Map(known.map(([name, schema]) => [name, schemaProperty(schema)])),
    alwaysPresent: new Set((required ?? []) as readonly string[]),
  };
}

const formats: Readonly<Record<string, PlaceholderType['kind']>> = {
  uuid: 'uuid',
  date: 'date',
  'date-time': 'date-time',
};

const types: Readonly<Record<string, PlaceholderType['kind']>> = {
  string: 'string',
  integer: 'integer',
  number: 'decimal',
  boolean: 'boolean',
  array: 'array',
};

function kindOf(schema: JsonSchema): PlaceholderType['kind'] {
  const [first = schema] = (schema.anyOf ?? []) as readonly JsonSchema[];
  const type = [first.type].flat().find((one) => one !== 'null');
  if (type === undefined && Array.isArray(first.enum)) return 'string';
  return formats[String(first.format)] ?? types[String(type)] ?? 'object';
}
