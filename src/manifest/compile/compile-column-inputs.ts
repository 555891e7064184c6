import type { JsonSchema } from '../../model/json.ts';
import { customColumnsName, type Table } from '../../model/table.ts';
import type { CompiledTable } from './compile-context.ts';
import type { CompiledProperty } from './compiled-property.ts';

/** The names of inputs that choose the columns of rows; src/run/column-inputs.ts applies them. */
type ColumnInputs = ReadonlyMap<string, CompiledProperty>;

const names = { type: 'string', pattern: '^[a-z_][a-z0-9_]{0,127}$', examples: ['new_tier'] };

/** The columns of the organization in a row that is returned. */
export const customColumnsOutput = {
  title: 'Custom columns',
  description: 'Columns of the organization, by their logical names, where customColumns asks for them.',
  type: 'object',
  additionalProperties: true,
};

/** The rows that a read has expanded. */
export const expandedOutput = {
  title: 'Expanded rows',
  description: 'Rows of lookups and collections, by their names, where expand asks for them.',
  type: 'object',
  additionalProperties: true,
};

/** The inputs of an action that returns rows: which columns they have. */
export function readColumnInputs({ table }: CompiledTable): ColumnInputs {
  const own = table.columns.map(({ name }) => name);
  const columns = {
    title: 'Columns',
    description: 'The columns of the result. By default, it has all of them.',
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { type: 'string', enum: own },
  };
  const names = expandableNames(table);
  return new Map([
    ['columns', { type: { kind: 'names', names: own }, input: columns, output: columns }],
    [customColumnsName, customColumnNames],
    ...(names.length === 0 ? [] : [['expand', toProperty(expandSchema(names))] as const]),
  ]);
}

/** The lookups and collections of a table. */
function expandableNames({ columns, collections = [] }: Table): readonly string[] {
  return [...columns.filter(({ type }) => type === 'lookup'), ...collections].map(({ name }) => name);
}

/** The input that returns rows inside of rows. The names of their columns are checked when it is applied. */
function expandSchema(names: readonly string[]): JsonSchema {
  const columns = { type: 'array', minItems: 1, maxItems: 1000, items: { type: 'string', maxLength: 128 } };
  return {
    title: 'Expand',
    description:
      'Rows to return inside of each row: the name of a lookup or collection, and the columns of its rows, or { columns, expand }.',
    type: 'object',
    minProperties: 1,
    propertyNames: { enum: names },
    additionalProperties: {
      ...columns,
      type: ['array', 'object'],
      additionalProperties: false,
      required: ['columns'],
      properties: { columns, expand: { type: 'object', additionalProperties: true } },
    },
    examples: [{ [names[0] ?? '']: ['id'] }],
  };
}

/** The input that adds columns of the organization to rows. */
export const customColumnNames: CompiledProperty = toProperty({
  title: 'Custom columns',
  description: 'Columns of the organization that the result also has, by their logical names.',
  type: 'array',
  minItems: 1,
  maxItems: 200,
  uniqueItems: true,
  items: names,
});

/** The input that sets columns of the organization. */
export const customColumnValues: CompiledProperty = toProperty({
  title: 'Custom columns',
  description:
    'Columns of the organization and their values, by their logical names: choices as label or number, lookups as { table, id }.',
  type: 'object',
  additionalProperties: true,
  examples: [{ new_tier: 'Gold' }],
});

function toProperty(input: CompiledProperty['input']): CompiledProperty {
  return { type: { kind: 'object' }, input, output: input };
}
