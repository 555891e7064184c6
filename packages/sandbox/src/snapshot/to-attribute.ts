import type { MetadataColumn, MetadataTable } from 'dynamics365-connector';
import type { Attribute, AttributeType, ChoiceOption } from '../model/types.ts';

/** The types of columns that are not lookups. A snapshot does not tell texts from long texts, nor money from decimals. */
const types: Readonly<Partial<Record<MetadataColumn['type'], AttributeType>>> = {
  string: 'String',
  uuid: 'Uniqueidentifier',
  integer: 'Integer',
  bigint: 'BigInt',
  decimal: 'Decimal',
  boolean: 'Boolean',
  'date-time': 'DateTime',
  date: 'DateTime',
  choice: 'Picklist',
  choices: 'MultiSelectPicklist',
  file: 'File',
  image: 'File',
};

/** The longest text that is not a long text (`Memo`). */
const maxTextLength = 4000;

const requiredLevels = {
  none: 'None',
  recommended: 'Recommended',
  required: 'ApplicationRequired',
} as const;

/** The column of a snapshot as a column of the model; undefined for lookups and for types that rows do not have. */
export function toAttribute(column: MetadataColumn, table: MetadataTable): Attribute | undefined {
  const type = readType(column, table);
  if (type === undefined) return undefined;
  const { name, title, maxLength, min, max, precision, timeZoneIndependent } = column;
  return {
    ...describeColumn(column),
    logicalName: name,
    schemaName: name,
    displayName: title,
    type,
    maxLength,
    min,
    max,
    precision: type === 'Decimal' ? precision : undefined,
    dateOnly: column.type === 'date' ? true : undefined,
    dateTimeBehavior: timeZoneIndependent ? 'TimeZoneIndependent' : undefined,
    image: column.type === 'image' ? true : undefined,
    options: readOptions(column, table),
  };
}

/** What columns of all types have. */
export function describeColumn({
  requiredLevel = 'none',
  creatable,
  updatable,
}: MetadataColumn): Pick<Attribute, 'required' | 'validForCreate' | 'validForUpdate'> {
  return {
    required: requiredLevels[requiredLevel],
    validForCreate: creatable !== false,
    validForUpdate: updatable !== false,
  };
}

function readType(
  { name, type, maxLength = 0 }: MetadataColumn,
  table: MetadataTable,
): AttributeType | undefined {
  if (name === 'statecode') return 'State';
  if (name === 'statuscode') return 'Status';
  // Each money column has one with its amount in the base currency.
  const hasBase = table.columns.some((each) => each.name === `${name}_base`);
  if (type === 'decimal' && (hasBase || name.endsWith('_base'))) return 'Money';
  return type === 'string' && maxLength > maxTextLength ? 'Memo' : types[type];
}

/** The choices of a column. Each state has the first of its status reasons as the default. */
function readOptions(
  { name, choices }: MetadataColumn,
  table: MetadataTable,
): readonly ChoiceOption[] | undefined {
  if (name !== 'statecode') return choices;
  const reasons = table.columns.find((each) => each.name === 'statuscode')?.choices ?? [];
  return choices?.map((state) => ({
    ...state,
    defaultStatus: reasons.find((reason) => reason.state === state.value)?.value,
  }));
}
