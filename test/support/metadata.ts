import { isImage } from '../../packages/sandbox/src/model/attribute.ts';
import { createStandardModel } from '../../packages/sandbox/src/model/standard-model.ts';
import type { Attribute, AttributeType, Model, TableModel } from '../../packages/sandbox/src/model/types.ts';
import { suggest } from '../../src/errors/suggest.ts';
import type { MetadataColumn, MetadataNavigation, MetadataTable } from '../../src/model/metadata.ts';
import { omitUndefined } from '../../src/model/omit-undefined.ts';
import { indexTable, type MetadataSchema } from '../../src/odata/check/table-index.ts';

const types: Readonly<Record<AttributeType, MetadataColumn['type']>> = {
  Uniqueidentifier: 'uuid',
  String: 'string',
  Memo: 'string',
  Integer: 'integer',
  BigInt: 'bigint',
  Decimal: 'decimal',
  Double: 'decimal',
  Money: 'decimal',
  Boolean: 'boolean',
  DateTime: 'date-time',
  Picklist: 'choice',
  MultiSelectPicklist: 'choices',
  State: 'choice',
  Status: 'choice',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
  EntityName: 'string',
  File: 'file',
  ManagedProperty: 'other',
  PartyList: 'parties',
};

/** Converts the sandbox's model to the metadata that the query checker uses, without HTTP. */
export function metadataOf(model: Model): readonly MetadataTable[] {
  return [...model.tables.values()].map((table) => tableOf(model, table));
}

/** Returns the metadata of the standard tables. */
export function standardSchema(): MetadataSchema & { readonly names: readonly string[] } {
  const tables = metadataOf(createStandardModel());
  const indexed = new Map(tables.map((table) => [table.name, indexTable(table)]));
  const names = [...indexed.keys()];
  return {
    table: (name) => indexed.get(name),
    similarTables: (name) => (indexed.has(name) ? undefined : suggest(name, names)),
    names,
  };
}

function tableOf(model: Model, table: TableModel): MetadataTable {
  return omitUndefined({
    name: table.logicalName,
    entitySet: table.set ?? '',
    key: table.primaryId,
    primaryName: table.primaryName,
    title: table.displayName,
    plural: table.displayCollectionName,
    // The organization lists an inherited column in the definition of the base table only.
    columns: table.attributes.filter(({ inherited }) => inherited !== true).map(columnOf),
    navigations: navigationsOf(model, table),
    alternateKeys: table.keys.map(({ columns }) => columns),
  });
}

function columnOf(attribute: Attribute): MetadataColumn {
  const { logicalName, displayName, type, dateOnly, options, targets } = attribute;
  return omitUndefined({
    name: logicalName,
    title: displayName,
    type: isImage(attribute) ? 'image' : dateOnly ? 'date' : types[type],
    choices: options?.map(({ value, label }) => ({ value, label })),
    targets: targets?.map(({ table }) => table),
  });
}

function navigationsOf(model: Model, table: TableModel): readonly MetadataNavigation[] {
  return model.navigations(table).map((navigation): MetadataNavigation => {
    const { name, target } = navigation;
    if (navigation.kind === 'lookup')
      return { name, target, kind: 'manyToOne', column: navigation.attribute.logicalName };
    return { name, target, kind: navigation.kind };
  });
}
