import type { JsonSchema } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';

/** Keywords that Swagger 2.0 has as JSON Schema does, by the type of value that they are about. */
const keywordsOf: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum'],
  integer: ['minimum', 'maximum'],
  array: ['minItems', 'maxItems', 'uniqueItems'],
};
const formats: readonly unknown[] = ['uuid', 'date-time', 'date', 'email', 'byte', 'uri'];

interface AnySchema extends JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly AnySchema[];
  readonly items?: AnySchema;
  readonly properties?: Readonly<Record<string, AnySchema>>;
  readonly required?: readonly string[];
}

/**
 * JSON Schema as Swagger 2.0 with the extensions of Power Platform: without null, `anyOf`, conditions and several types,
 * and with a name for every field of a form.
 */
export function toSwaggerSchema(given: JsonSchema): Record<string, unknown> {
  const schema = firstBranch(given as AnySchema);
  const { title, description, format, properties, items, required, default: preset } = schema;
  const type = typeOf(schema);
  const values = schema.enum?.filter((value) => value !== null);
  const flat: Record<string, unknown> = omitUndefined({
    type,
    'x-ms-summary': title,
    description,
    default: preset,
    enum: values,
    format: type === 'string' && formats.includes(format) ? format : undefined,
    ...Object.fromEntries(
      (keywordsOf[type ?? ''] ?? []).map((name) => [name, schema[name as keyof JsonSchema]]),
    ),
    items: type === 'array' ? toSwaggerSchema(items ?? { type: 'string' }) : undefined,
    properties: type === 'object' && properties !== undefined ? toFields(properties) : undefined,
    required: type === 'object' ? namesIn(required, properties) : undefined,
  });
  return offerRows(flat);
}

/** The type, or that of the first value of a list of values. */
function typeOf({ type, properties, enum: values }: AnySchema): string | undefined {
  const given = [type].flat().find((one) => one !== undefined && one !== 'null');
  if (given !== undefined || properties !== undefined) return given ?? 'object';
  const [first] = values ?? [];
  if (typeof first === 'number') return Number.isInteger(first) ? 'integer' : 'number';
  return first === undefined || first === null ? undefined : typeof first;
}

/** A field without a title is called by its name: designers show no other. */
function toFields(properties: Readonly<Record<string, AnySchema>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, withName(toSwaggerSchema(value), name)]),
  );
}

/** `modifiedOn` -> `Modified on` */
function withName(field: Record<string, unknown>, name: string): Record<string, unknown> {
  if (field['x-ms-summary'] !== undefined) return field;
  const words = name.replaceAll(
    /([a-z])([A-Z])/g,
    (_, end: string, next: string) => `${end} ${next.toLowerCase()}`,
  );
  return { ...field, 'x-ms-summary': `${words.charAt(0).toUpperCase()}${words.slice(1)}` };
}

function namesIn(
  required: readonly string[] | undefined,
  properties: AnySchema['properties'],
): readonly string[] | undefined {
  const names = required?.filter((name) => properties?.[name] !== undefined) ?? [];
  return names.length === 0 ? undefined : names;
}

/** Of several forms, the one with a list of values, else the first that is not null. */
function firstBranch(schema: AnySchema): AnySchema {
  const { anyOf, ...others } = schema;
  if (anyOf === undefined) return schema;
  const branch =
    anyOf.find(({ enum: values }) => values !== undefined) ?? anyOf.find(({ type }) => type !== 'null');
  return { ...branch, ...others };
}

/** A lookup offers the rows of its table. With one table, the table is filled in and hidden. */
function offerRows(flat: Record<string, unknown>): Record<string, unknown> {
  const {
    table,
    id,
    key: _key,
    name: _name,
    ...others
  } = (flat.properties ?? {}) as Record<string, Record<string, unknown>>;
  const tables = table?.enum as readonly string[] | undefined;
  if (tables === undefined || id === undefined) return flat;
  const [only] = tables.length === 1 ? tables : [];
  const source = only ?? { parameter: 'table' };
  return {
    ...flat,
    required: ['table', 'id'],
    properties: {
      ...others,
      table: only === undefined ? table : { ...table, default: only, 'x-ms-visibility': 'internal' },
      id: {
        ...id,
        'x-ms-dynamic-values': {
          operationId: 'ListRows',
          parameters: { table: source },
          'value-collection': 'options',
          'value-path': 'value',
          'value-title': 'label',
        },
      },
    },
  };
}
