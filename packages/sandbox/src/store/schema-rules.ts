import type {
  AlternateKey,
  Attribute,
  ManyToManyRelationship,
  Model,
  OneToManyRelationship,
  TableModel,
} from '../model/types.ts';
import { DataverseError, invalidArgument } from './errors.ts';
import { requireTable } from './require-table.ts';
import {
  componentInUse,
  componentNotFound,
  navigationNameTaken,
  notCustom,
  schemaNameTaken,
} from './schema-errors.ts';

const namePattern = /^[a-z][a-z0-9_]{0,99}$/;

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  throw invalidArgument(
    `'${name}' is not a valid logical name. Use a lowercase letter, then lowercase letters, digits and underscores.`,
  );
}

/** Rejects a table whose name or entity set name is taken. */
export function checkNewTable(model: Model, { logicalName, set = '', attributes }: TableModel): void {
  checkName(logicalName);
  for (const attribute of attributes) checkName(attribute.logicalName);
  const names = attributes.map((attribute) => attribute.logicalName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw schemaNameTaken('Attribute', twice);
  const isIntersect = model.manyToMany.some(({ intersect }) => intersect === logicalName);
  if (isIntersect || model.table(logicalName) || model.tableBySet(set)) {
    throw schemaNameTaken('Entity', logicalName);
  }
}

/** The table, which is not a view over other tables. */
export function requireWritableTable(model: Model, name: string): TableModel {
  const table = requireTable(model, name);
  if (table.view)
    throw invalidArgument(`'${name}' is a view over other tables and cannot have its own columns.`);
  return table;
}

export function requireColumn(model: Model, name: string, column: string): Attribute {
  const attribute = model.attribute(requireTable(model, name), column);
  if (!attribute) throw componentNotFound('Attribute', column);
  return attribute;
}

/** Rejects a column whose name, or whose navigation property, is taken. */
export function checkNewColumn(model: Model, table: TableModel, attribute: Attribute): void {
  checkName(attribute.logicalName);
  // Standard columns can have capital letters in the Web API: msdyn_agentType of systemuser.
  if (table.attributes.some(({ logicalName }) => logicalName.toLowerCase() === attribute.logicalName)) {
    throw schemaNameTaken('Attribute', attribute.logicalName);
  }
  for (const { navigation } of attribute.targets ?? []) {
    if (model.navigation(table, navigation)) throw navigationNameTaken(navigation);
  }
}

/** Rejects the removal of standard columns, of the primary columns and of those in an alternate key. */
export function checkColumnRemoval(table: TableModel, { logicalName, custom }: Attribute): void {
  if (logicalName === table.primaryId || logicalName === table.primaryName) {
    throw new DataverseError(
      400,
      '0x80047002',
      `The primary attribute '${logicalName}' of the entity '${table.logicalName}' cannot be deleted.`,
    );
  }
  if (!custom) throw notCustom('Attribute', logicalName);
  const users = table.keys.filter(({ columns }) => columns.includes(logicalName));
  if (users.length > 0) throw componentInUse('Attribute', logicalName, users.length);
}

/** Rejects a key whose name or columns another key has, and a key over unknown columns. */
export function checkNewKey(model: Model, table: TableModel, { logicalName, columns }: AlternateKey): void {
  checkName(logicalName);
  const missing = columns.find((column) => !model.attribute(table, column));
  if (missing !== undefined || columns.length === 0) {
    throw invalidArgument(
      `An alternate key of '${table.logicalName}' must name existing columns. Not found: ${missing ?? '(no column given)'}.`,
    );
  }
  if (table.keys.some((key) => key.logicalName === logicalName)) {
    const message = `The specified key name ${logicalName} already exists for the entity ${table.logicalName}.`;
    throw new DataverseError(400, '0x80060893', message);
  }
  const sorted = (names: readonly string[]) => [...names].sort().join();
  if (table.keys.some((key) => sorted(key.columns) === sorted(columns))) {
    const message = `An entity key with the selected attributes already exists on entity ${table.logicalName}.`;
    throw new DataverseError(400, '0x80060894', message);
  }
}

export function requireKey(table: TableModel, logicalName: string): AlternateKey {
  const key = table.keys.find((each) => each.logicalName === logicalName);
  if (!key) throw componentNotFound('EntityKey', logicalName);
  return key;
}

/** Rejects a relationship whose name or collection name is taken. */
export function checkNewOneToMany(
  model: Model,
  { name, referenced, collection }: OneToManyRelationship,
  { targets = [] }: Attribute,
): void {
  checkRelationshipName(model, name);
  checkCollection(model, referenced, collection);
  if (targets.some(({ table, navigation }) => table === referenced && navigation === collection)) {
    const message = `NavigationPropertyName ${collection} cannot be the same on both sides of the relationship.`;
    throw new DataverseError(400, '0x80072550', message);
  }
}

/** Rejects a relationship whose name, intersect table or collection names are taken. */
export function checkNewManyToMany(model: Model, relationship: ManyToManyRelationship): void {
  const { name, intersect, ends } = relationship;
  checkRelationshipName(model, name);
  checkName(intersect);
  if (model.table(intersect) || model.manyToMany.some((each) => each.intersect === intersect)) {
    throw schemaNameTaken('Entity', intersect);
  }
  for (const { table, navigation } of ends) checkCollection(model, table, navigation);
}

function checkRelationshipName(model: Model, name: string): void {
  const names = [...model.oneToMany, ...model.manyToMany].map((each) => each.name.toLowerCase());
  if (names.includes(name.toLowerCase())) throw schemaNameTaken('EntityRelationship', name);
}

function checkCollection(model: Model, table: string, navigation: string): void {
  if (model.navigation(requireTable(model, table), navigation)) throw navigationNameTaken(navigation);
}

/** A custom relationship: the one of a custom lookup, or a many-to-many relationship. */
export function requireCustomRelationship(
  model: Model,
  name: string,
): { readonly lookup?: OneToManyRelationship; readonly manyToMany?: ManyToManyRelationship } {
  const manyToMany = model.manyToMany.find((each) => each.name === name);
  const lookup = model.oneToMany.find((each) => each.name === name);
  const found = manyToMany ?? lookup;
  if (!found) throw componentNotFound('EntityRelationship', name);
  const attribute = lookup && requireColumn(model, lookup.referencing, lookup.attribute);
  if (!(manyToMany?.custom || attribute?.custom)) {
    throw new DataverseError(
      400,
      '0x8004700a',
      `The relationship '${name}' is not custom and cannot be deleted.`,
    );
  }
  return { lookup, manyToMany };
}

/** The lookups of other tables that can only reference this table. */
export function findLookupUsers(model: Model, table: TableModel): readonly Attribute[] {
  return lookupsFromOthers(model, table)
    .filter(({ attribute }) => attribute.custom)
    .map(({ attribute }) => attribute);
}

/** The standard lookups that can reference this table beside others: the object of a note. */
export function findSharedLookups(
  model: Model,
  table: TableModel,
): readonly { readonly table: TableModel; readonly attribute: Attribute }[] {
  return lookupsFromOthers(model, table).filter(({ attribute }) => !attribute.custom);
}

const lookupsFromOthers = (model: Model, table: TableModel) =>
  model
    .lookupsTo(table)
    .filter(
      ({ table: from, attribute }) =>
        from.logicalName !== table.logicalName &&
        attribute.targets?.some((target) => target.table === table.logicalName),
    );

/** How many columns use a global choice. */
export const findChoiceUsers = (model: Model, name: string): number =>
  [...model.tables.values()].flatMap(({ attributes }) =>
    attributes.filter(({ globalChoice }) => globalChoice === name),
  ).length;
