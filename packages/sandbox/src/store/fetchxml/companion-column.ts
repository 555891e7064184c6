import { isLookup, isPolymorphic } from '../../model/attribute.ts';
import { type Companion, findCompanion } from '../../model/companions.ts';
import type { Attribute, ChoiceOption } from '../../model/types.ts';
import { quoteIdentifier } from '../database.ts';
import type { QueryCompilation } from '../query/compilation.ts';
import { referencedNameSql } from '../query/order.ts';
import type { ScopedColumn, TableScope } from '../query/scope.ts';
import { comparableSql, lookupTableColumnName } from '../sql-columns.ts';

/** A companion of a column as a column that is computed: the label of a choice, the name or table of a lookup. */
export function findCompanionColumn(
  { table, alias, compilation }: TableScope,
  name: string,
): ScopedColumn | undefined {
  const found = findCompanion(table, name);
  if (!found) return undefined;
  const { companion, attribute } = found;
  return {
    table,
    alias,
    attribute: toComputedAttribute(companion, attribute),
    ...companionSql(companion, { attribute, alias }, compilation),
  };
}

const toComputedAttribute = ({ logicalName, type }: Companion, { displayName }: Attribute): Attribute => ({
  logicalName,
  schemaName: logicalName,
  displayName,
  type: type === 'EntityName' ? 'EntityName' : 'String',
  required: 'None',
  validForCreate: false,
  validForUpdate: false,
});

function companionSql(
  { suffix }: Companion,
  column: Pick<ScopedColumn, 'attribute' | 'alias'>,
  compilation: QueryCompilation,
): Pick<ScopedColumn, 'sql'> & { readonly readSql: string } {
  const { attribute, alias } = column;
  const value = `${alias}.${quoteIdentifier(attribute.logicalName)}`;
  if (suffix === 'Type') return compareAsRead(lookupTableSql(attribute, alias, compilation));
  if (!isLookup(attribute)) return compareAsRead(labelSql(attribute, value, compilation));
  const read = referencedNameSql(column, compilation, plainSql) ?? 'NULL';
  const compared = referencedNameSql(column, compilation, comparableSql) ?? 'NULL';
  return { sql: `${compared} COLLATE NOCASE`, readSql: read };
}

const compareAsRead = (sql: string) => ({ sql: `${sql} COLLATE NOCASE`, readSql: sql });

const plainSql = ({ logicalName }: Attribute, alias: string) => `${alias}.${quoteIdentifier(logicalName)}`;

function lookupTableSql(attribute: Attribute, alias: string, compilation: QueryCompilation): string {
  if (isPolymorphic(attribute)) return `${alias}.${lookupTableColumnName(attribute.logicalName)}`;
  const table = compilation.bind(attribute.targets?.[0]?.table ?? null);
  return `CASE WHEN ${plainSql(attribute, alias)} IS NOT NULL THEN ${table} END`;
}

const yesAndNo: readonly ChoiceOption[] = [
  { value: 0, label: 'No' },
  { value: 1, label: 'Yes' },
];

/** The label of a choice; of several choices, their labels with semicolons between them. */
export function labelSql({ type, options }: Attribute, value: string, compilation: QueryCompilation): string {
  const known = options ?? (type === 'Boolean' ? yesAndNo : []);
  if (known.length === 0) return 'NULL';
  const labelOf = (number: string) =>
    `CASE ${number} ${known.map((option) => `WHEN ${compilation.bind(BigInt(option.value))} THEN ${compilation.bind(option.label)}`).join(' ')} END`;
  if (type !== 'MultiSelectPicklist') return labelOf(value);
  return `(SELECT group_concat(${labelOf('value')}, '; ') FROM json_each('[' || ${value} || ']'))`;
}
