import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Attribute,
  ManyToManyRelationship,
  ModelData,
  OneToManyRelationship,
  TableModel,
} from '../src/model/types.ts';
import { addedAttribute, attribute, type CdmTables, logicalName, lookupTargets } from './model/attributes.ts';
import { type CsdlProperty, type CsdlType, readCsdl } from './model/csdl.ts';
import * as facts from './model/overrides.ts';

// Writes src/sandbox/model/tables.json from two public descriptions of Dataverse's standard tables: CSDL
// (`metadata.xml`: types and navigation names) and the Common Data Model (`tables.json`: lengths, choices).
// Usage: node scripts/derive-sandbox-model.ts <folder that holds both>

const folder = process.argv[2];
if (!folder) throw new Error('Name the folder that holds metadata.xml and tables.json.');
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
const skippedColumns = /_binary$|^descriptionblobid|^cr17b_|^openrevenue|^opendeals|^adx_|^mspp_/;

const sourceOf = (name: string): CsdlType => {
  const base = facts.activities.has(name) ? 'activitypointer' : 'crmbaseentity';
  return csdl.get(name) ?? { name, base, key: `${name}id`, properties: [], navigations: [] };
};

const primaryIdOf = (type: CsdlType): string => {
  if (type.base === 'activitypointer') return 'activityid';
  return type.base === 'principal' ? `${type.name}id` : (type.key ?? `${type.name}id`);
};

/** A concrete activity has the columns of every activity and then its own. */
function propertiesOf(type: CsdlType): readonly CsdlProperty[] {
  const inherited = type.base === 'activitypointer' ? sourceOf('activitypointer').properties : [];
  const key = { name: primaryIdOf(type), type: 'Edm.Guid' };
  const system = type.name === 'principal' ? systemProperties.slice(-1) : systemProperties;
  const own = type.base === 'principal' ? [{ name: 'ownerid', type: 'Edm.Guid' }] : [];
  // Some sources take the owner's two columns for plain ids.
  const asLookup = (property: CsdlProperty): CsdlProperty =>
    /^owning(user|team)$/.test(property.name) ? { ...property, name: `_${property.name}_value` } : property;
  const all = [key, ...type.properties.map(asLookup), ...inherited, ...own, ...system];
  const byName = new Map(all.map((property) => [property.name, property]));
  return [...byName.values()].filter(({ name }) => !skippedColumns.test(name));
}

function attributesOf(type: CsdlType): Attribute[] {
  const properties = propertiesOf(type);
  const targets = lookupTargets(type, properties);
  if (type.base === 'activitypointer') {
    const inherited = lookupTargets(sourceOf('activitypointer'), sourceOf('activitypointer').properties);
    const suffix = facts.activities.has(type.name) ? `_${type.name}` : '';
    for (const [name, more] of inherited) {
      const own = more.map((target) => ({ ...target, navigation: target.navigation + suffix }));
      targets.set(name, [...(targets.get(name) ?? []), ...own]);
    }
  }
  const context = { table: type.name, primaryId: primaryIdOf(type), targets };
  const attributes = properties.map((property) => {
    const name = logicalName(property.name);
    return attribute(context, property, cdm[type.name]?.[name] ?? cdm[type.base]?.[name]);
  });
  const added = {
    ...(type.base === 'activitypointer' && facts.additions.activitypointer),
    ...facts.additions[type.name],
  };
  for (const [name, short] of Object.entries(added)) {
    const known = attributes.findIndex((each) => each.logicalName === name);
    if (known < 0) attributes.push(addedAttribute(name, short));
    // The sources may know of a lookup, but not where it points.
    else if (attributes[known]!.type === 'Lookup' && attributes[known]!.targets === undefined) {
      const { targets = [] } = addedAttribute(name, short);
      attributes[known] = { ...attributes[known]!, targets };
    }
  }
  return attributes.sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
}

function tableOf(name: string): TableModel {
  const known = facts.tables[name]!;
  const type = sourceOf(name);
  const attributes = attributesOf(type);
  const has = (column: string) => attributes.some((each) => each.logicalName === column);
  const owned = attributes.some((each) => each.type === 'Owner');
  return {
    logicalName: name,
    schemaName: known.schema,
    ...(known.set && { set: known.set }),
    displayName: known.display,
    displayCollectionName: known.plural,
    typeCode: known.code,
    base: type.base === 'activitypointer' || type.base === 'principal' ? type.base : 'crmbaseentity',
    primaryId: primaryIdOf(type),
    ...(known.name && has(known.name) && { primaryName: known.name }),
    ownership: owned ? 'UserOwned' : has('businessunitid') ? 'BusinessOwned' : 'OrganizationOwned',
    changeTracking: known.tracked ?? false,
    attributes,
    keys: [],
    ...(facts.views.has(name) && { view: true }),
  };
}

const lookupsTo = (table: TableModel, target: string): string[] =>
  table.attributes
    .filter((each) => each.targets?.some((to) => to.table === target) && each.logicalName !== 'activityid')
    .map((each) => each.logicalName);

/** The lookup column behind a collection: told by the facts, the only one there is, or named in the collection. */
function findLookupColumn(owner: string, collection: string, referencing: TableModel): string | undefined {
  const known = facts.collections[`${owner}.${collection}`];
  if (known) return known[1];
  if (referencing.logicalName === 'activityparty' && owner !== 'activitypointer') {
    return lookupsTo(referencing, owner)[0] ?? 'activityid';
  }
  const candidates = lookupsTo(referencing, owner);
  if (candidates.length < 2) return candidates[0];
  const lower = collection.toLowerCase();
  if (lower.includes('_owning_user')) return 'owninguser';
  const named = candidates.filter((name) => lower.endsWith(`_${name}`));
  return named.length === 1 ? named[0] : undefined;
}

const tables = Object.keys(facts.tables).map(tableOf);
const byName = new Map(tables.map((table) => [table.logicalName, table]));

/** The options of each global choice, wherever a source tells them. */
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
      const choice = facts.globalChoices[`${table}.${column.logicalName}`];
      return choice === undefined ? [] : [{ choice, column }];
    }),
  );
}
const manyToManyNames = new Set(facts.manyToMany.map(({ name }) => name));

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
  ...(facts.cascades.has(`${referencing}.${column}`) && { onDelete: 'cascade' as const }),
});

const oneToMany: OneToManyRelationship[] = [];
for (const table of tables) {
  for (const { name, target } of sourceOf(table.logicalName).navigations.filter((each) => each.collection)) {
    const referencing = byName.get(target);
    const column =
      referencing && !manyToManyNames.has(name) && findLookupColumn(table.logicalName, name, referencing);
    if (column) oneToMany.push(relationship(table.logicalName, name, target, column));
    else if (referencing && !manyToManyNames.has(name))
      console.warn(`left out: ${table.logicalName}.${name} -> ${target}`);
  }
}
for (const [path, [referencing, column]] of Object.entries(facts.collections)) {
  const [referenced = '', collection = ''] = path.split('.');
  if (oneToMany.some((each) => each.referenced === referenced && each.collection === collection)) continue;
  oneToMany.push(relationship(referenced, collection, referencing, column));
}

const manyToMany: ManyToManyRelationship[] = facts.manyToMany.map(({ name, intersect, ends }) => {
  const [first, second] = ends.map((table) => ({
    table,
    column: byName.get(table)!.primaryId,
    navigation: name,
  }));
  return { name, intersect, ends: [first!, second!] };
});

/** What `expandModel` puts back: left out of the file to keep it small. */
function compactAttribute(each: Attribute): object {
  const { required, validForCreate, validForUpdate, schemaName, ...rest } = each;
  return {
    ...rest,
    ...(schemaName !== each.logicalName && { schemaName }),
    ...(required !== 'None' && { required }),
    ...(!validForCreate && { validForCreate }),
    ...(!validForUpdate && { validForUpdate }),
  };
}

const lines = (items: readonly object[], indent: string): string =>
  `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
const text = tables.map(({ attributes, ...head }) => {
  const open = JSON.stringify(head).slice(0, -1);
  return `    ${open},"attributes":${lines(attributes.map(compactAttribute), '      ')}}`;
});
const target = new URL('../src/sandbox/model/tables.json', import.meta.url);
const data: Omit<ModelData, 'tables'> = { oneToMany, manyToMany };
writeFileSync(
  target,
  `{\n  "tables": [\n${text.join(',\n')}\n  ],\n  "oneToMany": ${lines(data.oneToMany, '  ')},\n  "manyToMany": ${lines(data.manyToMany, '  ')}\n}\n`,
);
console.log(`${tables.length} tables, ${oneToMany.length} 1:N, ${manyToMany.length} N:N`);
