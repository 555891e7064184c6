import type { ConnectorDefinition } from '../model/definition.ts';
import type { JsonSchema } from '../model/json.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../model/metadata.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Table, TableColumn } from '../model/table.ts';

/**
 * The tables, columns, choices, lookups and alternate keys that a manifest has and another one lacks, as the metadata of
 * an organization, so that a sandbox can have them. What a table file does not say is as for a new custom table.
 *
 * @param standard the definition whose tables the organization has: that of this package
 */
export function toMetadataTables(
  { tables }: ConnectorDefinition,
  standard: ConnectorDefinition,
): readonly MetadataTable[] {
  return Object.values(tables).flatMap((table) => {
    const known = Object.values(standard.tables).find(({ logicalName }) => logicalName === table.logicalName);
    const columns = table.columns.filter((column) => !isKnown(column, known));
    const keys = (table.keys ?? []).filter((key) => !known?.keys?.some((one) => isSameKey(one, key)));
    return known !== undefined && columns.length === 0 && keys.length === 0
      ? []
      : [toMetadataTable({ ...table, columns, keys }, table.columns)];
  });
}

function isKnown(column: TableColumn, table: Table | undefined): boolean {
  const known = table?.columns.find(({ logicalName }) => logicalName === column.logicalName);
  if (known === undefined) return false;
  const facts = ({ choices, targets }: TableColumn) => JSON.stringify([choices, targets]);
  return facts(known) === facts(column);
}

function isSameKey(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function toMetadataTable(table: Table, all: readonly TableColumn[]): MetadataTable {
  const { logicalName, entitySet, title, plural, key, primaryName, columns, keys = [] } = table;
  const hasName = all.some((column) => column.logicalName === primaryName);
  const wireOf = (name: string) => all.find((column) => column.name === name)?.logicalName ?? name;
  const name: MetadataColumn = { name: primaryName, title: 'Name', type: 'string', maxLength: 100 };
  return {
    ...{ name: logicalName, entitySet, title, plural, key, primaryName },
    columns: [...columns.map((column) => toMetadataColumn(column, table)), ...(hasName ? [] : [name])],
    navigations: columns.flatMap(toNavigations),
    alternateKeys: keys.map((columnNames) => columnNames.map(wireOf)),
  };
}

function toMetadataColumn(
  { name, title, logicalName, type, required, writable, choices, targets }: TableColumn,
  { key, inputProperties }: Table,
): MetadataColumn {
  const schema: JsonSchema = inputProperties[name] ?? {};
  const numberOf = (keyword: string) => {
    const value = schema[keyword];
    return typeof value === 'number' ? value : undefined;
  };
  const fixed = writable || logicalName === key ? undefined : (false as const);
  return omitUndefined({
    ...{ name: logicalName, title, type },
    requiredLevel: required ? ('required' as const) : undefined,
    creatable: fixed,
    updatable: fixed,
    maxLength: numberOf('maxLength'),
    min: numberOf('minimum'),
    max: numberOf('maximum'),
    choices: choices && toChoices(choices, logicalName),
    targets: targets?.map((target) => target.logicalName),
  });
}

/** The status reason "Inactive" of a custom table. */
const inactiveStatus = 2;

/** A table file does not say which state a status reason belongs to: all but "Inactive" are those of the first state. */
function toChoices(choices: NonNullable<TableColumn['choices']>, column: string): MetadataColumn['choices'] {
  const isStatus = column === 'statuscode';
  return Object.entries(choices).flatMap(([label, numbers]) =>
    [numbers].flat().map((value) =>
      omitUndefined({
        value,
        label: toLabel(label),
        state: isStatus ? Number(value === inactiveStatus) : undefined,
      }),
    ),
  );
}

/** `in-progress` -> "In progress" */
function toLabel(label: string): string {
  return (label.charAt(0).toUpperCase() + label.slice(1)).replaceAll('-', ' ');
}

function toNavigations({ logicalName, targets = [] }: TableColumn): readonly MetadataNavigation[] {
  return targets.map(({ navigation, logicalName: target }) => ({
    name: navigation,
    kind: 'manyToOne',
    target,
    column: logicalName,
  }));
}
