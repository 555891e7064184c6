import type { JsonSchema } from '../model/json.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../model/metadata.ts';

/** What a form or tool is for. */
export type SchemaPurpose = 'create' | 'update';

/**
 * JSON Schema of a row as the organization takes it, by Dataverse's own names: custom columns, choices with their
 * labels, what is required, and for lookups what they point at (`x-lookup`). Small: only what can be written.
 */
export function buildTableSchema(table: MetadataTable, purpose: SchemaPurpose): JsonSchema {
  const writable = table.columns.filter((column) => isWritable(column, purpose) && column.type !== 'other');
  const needed = writable.filter(
    ({ requiredLevel, type }) => requiredLevel === 'required' && type !== 'uuid',
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: table.title,
    type: 'object',
    ...(purpose === 'create' && needed.length > 0 ? { required: needed.map(({ name }) => name) } : {}),
    properties: Object.fromEntries(
      writable.map((column) => [column.name, columnSchema(column, table.navigations)]),
    ),
  };
}

function isWritable({ creatable, updatable }: MetadataColumn, purpose: SchemaPurpose): boolean {
  return (purpose === 'create' ? creatable : updatable) !== false;
}

function columnSchema(column: MetadataColumn, navigations: readonly MetadataNavigation[]): JsonSchema {
  const { title, name, requiredLevel } = column;
  return {
    ...(title === name ? {} : { title }),
    ...(requiredLevel === 'recommended' ? { 'x-recommended': true } : {}),
    ...valueSchema(column, navigations),
  };
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
      const ways = navigations.filter(({ column: over }) => over === column.name);
      return {
        type: 'string',
        format: 'uuid',
        'x-lookup': Object.fromEntries(ways.map(({ target, name }) => [target, name])),
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
      return { type: 'string', ...(maxLength === undefined ? {} : { maxLength }) };
  }
}
