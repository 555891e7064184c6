import type { JsonSchema } from '../model/json.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../model/metadata.ts';
import { omitUndefined } from '../model/omit-undefined.ts';

/** The operation that a form or tool is for. */
export type SchemaPurpose = 'create' | 'update';

/**
 * Builds the JSON Schema of a table's rows in this organization, with Dataverse's names: custom columns, choices with their
 * labels, required columns, and the tables of lookups (`x-lookup`). Only writable columns are included.
 */
export function buildTableSchema(table: MetadataTable, purpose: SchemaPurpose): JsonSchema {
  const writable = table.columns.filter((column) => isWritable(column, purpose) && column.type !== 'other');
  const required = writable.filter(
    ({ requiredLevel, type }) => requiredLevel === 'required' && type !== 'uuid',
  );
  return omitUndefined({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: table.title,
    type: 'object',
    required: purpose === 'create' && required.length > 0 ? required.map(({ name }) => name) : undefined,
    properties: Object.fromEntries(
      writable.map((column) => [column.name, columnSchema(column, table.navigations)]),
    ),
  });
}

function isWritable({ creatable, updatable }: MetadataColumn, purpose: SchemaPurpose): boolean {
  return (purpose === 'create' ? creatable : updatable) !== false;
}

function columnSchema(column: MetadataColumn, navigations: readonly MetadataNavigation[]): JsonSchema {
  const { title, name, requiredLevel } = column;
  return omitUndefined({
    title: title === name ? undefined : title,
    'x-recommended': requiredLevel === 'recommended' ? true : undefined,
    ...valueSchema(column, navigations),
  });
}

function valueSchema(column: MetadataColumn, navigations: readonly MetadataNavigation[]): JsonSchema {
  const { type, maxLength, choices = [] } = column;
  switch (type) {
    case 'choice':
      return choices.length > 0
        ? { oneOf: choices.map(({ value, label }) => ({ const: value, title: label })) }
        : { type: 'integer' };
    case 'choices':
      return {
        type: 'array',
        items: { oneOf: choices.map(({ value, label }) => ({ const: value, title: label })) },
      };
    case 'lookup': {
      const own = navigations.filter((navigation) => navigation.column === column.name);
      return {
        type: 'string',
        format: 'uuid',
        'x-lookup': Object.fromEntries(own.map(({ target, name }) => [target, name])),
      };
    }
    case 'uuid':
    case 'date':
    case 'date-time':
      return { type: 'string', format: type };
    case 'decimal':
      return { type: 'number' };
    case 'integer':
    case 'boolean':
      return { type };
    case 'bigint':
      return { type: 'string', pattern: '^-?[0-9]{1,19}$' };
    default:
      return omitUndefined({ type: 'string', maxLength });
  }
}
