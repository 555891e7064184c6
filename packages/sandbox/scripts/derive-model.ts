import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { toLogicalName } from 'dynamics365-connector/odata';
import type {
  Attribute,
  ManyToManyRelationship,
  ModelData,
  OneToManyRelationship,
  TableModel,
} from '../src/model/types.ts';
import { addedAttribute, attribute, type CdmTables, lookupTargets } from './model/attributes.ts';
import { type CsdlProperty, type CsdlType, readCsdl } from './model/csdl.ts';
import { type CdmLevels, type DevkitTables, readDevkitTable } from './model/devkit-tables.ts';
import * as overrides from './model/overrides.ts';
import { type RealTables, shippableTables } from './model/real-tables.ts';
import { type RefinedColumns, refineColumns } from './model/refine-columns.ts';
import { refineRelationships } from './model/refine-relationships.ts';
import { tableDescriptions } from './model/table-descriptions.ts';

// Writes src/model/tables.json from public descriptions of Dataverse's standard tables: CSDL (`metadata.xml`: types and
// navigation properties), the Common Data Model (`tables.json`: lengths, choices; `cdm-required-levels.json.gz`), and
// serialized metadata of organizations (`tables-full.json`, `devkit-organization.json.gz`: details of columns and
// relationships, further tables). Descriptions: see derive-descriptions.ts.
// Usage: node --conditions=development packages/sandbox/scripts/derive-model.ts <folder of metadata.xml and tables.json>
//   <folder of tables-full.json and the two .gz files>

const [, , folder, realFolder] = process.argv;
if (!folder || !realFolder) throw new Error('Usage: derive-model.ts <folder> <folder of tables-full.json>');
const readZipped = (name: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(join(realFolder, name))).toString('utf8'));

const devkit = readZipped('devkit-organization.json.gz') as DevkitTables;
const cdmLevels = readZipped('cdm-required-levels.json.gz') as CdmLevels;
const real: RealTables = {
  ...Object.fromEntries(
    overrides.furtherTables.map((name) => [name, readDevkitTable(devkit[name]!, cdmLevels)]),
  ),
  ...shippableTables(JSON.parse(readFileSync(join(realFolder, 'tables-full.json'), 'utf8')) as RealTables),
};
const descriptions = JSON.parse(
  readFileSync(new URL('model/descriptions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, string>>>>;
const csdl = readCsdl(readFileSync(join(folder, 'metadata.xml'), 'utf8'));
const cdm = JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8')) as CdmTables;

const systemProperties: readonly CsdlProperty[] = [
  ...['_createdby_value', '_modifiedby_value', '_createdonbehalfby_value', '_modifiedonbehalfby_value'].map(
    (name) => ({ name, type: 'Edm.Guid' }),
  ),
  { name: 'createdon', type: 'Edm.DateTimeOffset' },
  { name: 'modifiedon', type: 'Edm.DateTimeOffset' },
  { name: 'versionnumber', type: 'Edm.Int64' },
];
/** The tables of the sandbox; names and codes of some come from real metadata. */
const described: Readonly<Record<string, overrides.TableOverrides>> = {
  ...overrides.tables,
  ...Object.fromEntries(
    [...overrides.salesTables, ...overrides.furtherTables].map((name) => {
      const { typeCode, schemaName, displayName, displayCollectionName, set, primaryName } = real[name]!;
      return [
        name,
        {
          ...{ code: typeCode, schema: schemaName, display: displayName, plural: displayCollectionName },
          ...{
            set: overrides.setNames[name] ?? set,
            name: primaryName,
            tracked: !overrides.untracked.has(name),
          },
        },
      ];
    }),
  ),
};
const skippedColumns = /_binary$|^_addressid_value$|^_cdm_company_value$|^cr17b_|^adx_|^mspp_/;

const sourceOf = (name: string): CsdlType => {
  const base = overrides.activities.has(name) ? 'activitypointer' : 'crmbaseentity';
  return csdl.get(name) ?? { name, base, key: undefined, properties: [], navigations: [] };
};

const primaryIdOf = (type: CsdlType): string => {
  if (type.base === 'activitypointer') return 'activityid';
  if (type.base === 'principal') return `${type.name}id`;
  return real[type.name]?.primaryId ?? type.key ?? `${type.name}id`;
};

/** The properties of a type; those of an activity include the properties of all activities. */
function propertiesOf(type: CsdlType): readonly CsdlProperty[] {
  const inherited = type.base === 'activitypointer' ? sourceOf('activitypointer').properties : [];
  const key = { name: primaryIdOf(type), type: 'Edm.Guid' };
  const system = type.name === 'principal' ? systemProperties.slice(-1) : systemProperties;
  const own = type.base === 'principal' ? [{ name: 'ownerid', type: 'Edm.Guid' }] : [];
  // Some sources describe these two lookups as plain ids.
  const asLookup = (property: CsdlProperty): CsdlProperty =>
    /^owning(user|team)$/.test(property.name) ? { ...property, name: `_${property.name}_value` } : property;
  const all = [key, ...type.properties.map(asLookup), ...inherited, ...own, ...system];
  const byName = new Map(all.map((property) => [property.name, property]));
  return [...byName.values()].filter(({ name }) => !skippedColumns.test(name));
}

function columnsOf(type: CsdlType): RefinedColumns {
  const properties = propertiesOf(type);
  const targets = lookupTargets(type, properties);
  if (type.base === 'activitypointer') {
    const inherited = lookupTargets(sourceOf('activitypointer'), sourceOf('activitypointer').properties);
    const suffix = overrides.activities.has(type.name) ? `_${type.name}` : '';
    for (const [name, more] of inherited) {
      const own = more.map((target) => ({ ...target, navigation: target.navigation + suffix }));
      targets.set(name, [...(targets.get(name) ?? []), ...own]);
    }
  }
  const context = { table: type.name, primaryId: primaryIdOf(type), targets };
  let attributes = properties.map((property) => {
    const name = toLogicalName(property.name);
    return attribute(context, property, cdm[type.name]?.[name] ?? cdm[type.base]?.[name]);
  });
  const added = {
    ...(type.base === 'activitypointer' && overrides.additions.activitypointer),
    ...overrides.additions[type.name],
  };
  for (const [name, short] of Object.entries(added)) {
    const isKnown = attributes.some((each) => each.logicalName === name);
    if (!isKnown) attributes.push(addedAttribute(name, short));
    // A source can have a lookup without its target.
    else {
      const { targets = [] } = addedAttribute(name, short);
      attributes = attributes.map((each) =>
        each.logicalName === name && each.type === 'Lookup' && !each.targets ? { ...each, targets } : each,
      );
    }
  }
  const known = new Set(Object.keys(described));
  const refined = refineColumns(type.name, attributes, { real, known });
  return {
    ...refined,
    attributes: refined.attributes.map((column) => withDistinctTargets(withAutoNumber(type.name, column))),
  };
}

function withAutoNumber(table: string, column: Attribute): Attribute {
  const autoNumberFormat = overrides.autoNumbers[`${table}.${column.logicalName}`];
  return autoNumberFormat === undefined ? column : { ...column, autoNumberFormat };
}

/** A source can name a target twice. */
function withDistinctTargets(column: Attribute): Attribute {
  if (!column.targets) return column;
  const byName = new Map(column.targets.map((each) => [`${each.table} ${each.navigation}`, each]));
  return { ...column, targets: [...byName.values()] };
}

function tableOf([name, known]: readonly [string, overrides.TableOverrides]): TableModel {
  const type = sourceOf(name);
  const { attributes, metadataColumns } = columnsOf(type);
  const has = (column: string) => attributes.some((each) => each.logicalName === column);
  const owned = attributes.some((each) => each.type === 'Owner');
  return {
    logicalName: name,
    schemaName: known.schema,
    set: known.set || undefined,
    displayName: known.display,
    displayCollectionName: known.plural,
    typeCode: known.code,
    base: type.base === 'activitypointer' || type.base === 'principal' ? type.base : 'crmbaseentity',
    primaryId: primaryIdOf(type),
    primaryName: known.name && has(known.name) ? known.name : undefined,
    ownership: owned ? 'UserOwned' : has('businessunitid') ? 'BusinessOwned' : 'OrganizationOwned',
    changeTracking: known.tracked ?? false,
    attributes: attributes.map((column) => ({
      ...column,
      description: column.description ?? descriptions[name]?.[column.logicalName],
    })),
    metadataColumns: metadataColumns.length > 0 ? metadataColumns : undefined,
    keys: [],
    view: overrides.views.has(name) || undefined,
    description: descriptions[name]?.[''] ?? tableDescriptions[name],
  };
}

const lookupsTo = (table: TableModel, target: string): string[] =>
  table.attributes
    .filter((each) => each.targets?.some((to) => to.table === target) && each.logicalName !== 'activityid')
    .map((each) => each.logicalName);

/** The lookup of a collection: from the overrides, the only candidate, or the one that the collection's name ends with. */
function findLookupColumn(owner: string, collection: string, referencing: TableModel): string | undefined {
  const known = overrides.collections[`${owner}.${collection}`];
  if (known) return known[1];
  if (referencing.logicalName === 'activityparty' && owner !== 'activitypointer') {
    return lookupsTo(referencing, owner)[0] ?? 'activityid';
  }
  const candidates = lookupsTo(referencing, owner);
  if (candidates.length < 2) return candidates[0];
  const lower = collection.toLowerCase();
  const named = candidates.filter((name) => lower.endsWith(`_${name}`));
  if (named.length === 1) return named[0];
  const isOfOwner = lower.includes('_owning_user') || /^(system_?)?user_\w+$/.test(lower);
  return isOfOwner && candidates.includes('owninguser') ? 'owninguser' : undefined;
}

const tables = Object.entries(described).map(tableOf);
const byName = new Map(tables.map((table) => [table.logicalName, table]));

/** The options of each global choice, from any source that has them. */
const choices = new Map(
  columnsWithChoice(tables).flatMap(({ choice, column }) =>
    column.options?.length ? [[choice, column.options]] : [],
  ),
);
for (const { choice, column } of columnsWithChoice(tables)) {
  Object.assign(column, { globalChoice: choice, options: choices.get(choice) });
}

function columnsWithChoice(all: readonly TableModel[]) {
  return all.flatMap(({ logicalName: table, attributes }) =>
    attributes.flatMap((column) => {
      const choice = overrides.globalChoices[`${table}.${column.logicalName}`];
      return choice === undefined ? [] : [{ choice, column }];
    }),
  );
}
const manyToManyNames = new Set(overrides.manyToMany.map(({ name }) => name));

const relationship = (
  referenced: string,
  collection: string,
  referencing: string,
  column: string,
): OneToManyRelationship => ({
  name: collection,
  referenced,
  collection,
  referencing,
  attribute: column,
  onDelete: overrides.cascades.has(`${referencing}.${column}`) ? 'cascade' : undefined,
});

const oneToMany: OneToManyRelationship[] = [];
for (const table of tables) {
  for (const { name, target } of sourceOf(table.logicalName).navigations.filter((each) => each.collection)) {
    const referencing = byName.get(target);
    const column =
      referencing && !manyToManyNames.has(name) && findLookupColumn(table.logicalName, name, referencing);
    if (column) oneToMany.push(relationship(table.logicalName, name, target, column));
    else if (referencing && !manyToManyNames.has(name))
      console.warn(`no lookup found: ${table.logicalName}.${name} -> ${target}`);
  }
}
for (const [path, [referencing, column]] of Object.entries(overrides.collections)) {
  const [referenced = '', collection = ''] = path.split('.');
  if (oneToMany.some((each) => each.referenced === referenced && each.collection === collection)) continue;
  oneToMany.push(relationship(referenced, collection, referencing, column));
}

const manyToMany = overrides.manyToMany.map(({ name, intersect, ends: [first, second] }) => {
  const toEnd = (table: string) => ({
    table,
    column:
      overrides.intersectColumns[`${intersect}.${table}`] ?? byName.get(table)?.primaryId ?? `${table}id`,
    navigation: name,
  });
  return { name, intersect, ends: [toEnd(first), toEnd(second)] } satisfies ManyToManyRelationship;
});

/** A column without the members that have their default, which keeps the file small. */
function compactAttribute(each: Attribute): object {
  const { required, validForCreate, validForUpdate, schemaName, ...rest } = each;
  return {
    ...rest,
    schemaName: schemaName === each.logicalName ? undefined : schemaName,
    required: required === 'None' ? undefined : required,
    validForCreate: validForCreate ? undefined : false,
    validForUpdate: validForUpdate ? undefined : false,
  };
}

const lines = (items: readonly object[], indent: string): string =>
  `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
const text = tables.map(({ attributes, metadataColumns, ...rest }) => {
  const head = { ...rest, metadataColumns: metadataColumns?.map(compactAttribute) };
  const open = JSON.stringify(head).slice(0, -1);
  return `    ${open},"attributes":${lines(attributes.map(compactAttribute), '      ')}}`;
});
const target = new URL('../src/model/tables.json', import.meta.url);
const data: Omit<ModelData, 'tables'> = {
  oneToMany: refineRelationships(oneToMany, byName, real),
  manyToMany,
};
writeFileSync(
  target,
  `{\n  "tables": [\n${text.join(',\n')}\n  ],\n  "oneToMany": ${lines(data.oneToMany, '  ')},\n  "manyToMany": ${lines(data.manyToMany, '  ')}\n}\n`,
);
console.log(`${tables.length} tables, ${data.oneToMany.length} 1:N, ${manyToMany.length} N:N`);
