import { isLookup, isText } from '../model/attribute.ts';
import type { AlternateKey, Attribute, ManyToMany, Model, TableModel } from '../model/types.ts';
import { indexing, sqlColumns } from './columns.ts';
import { quote } from './database.ts';
import { shelfTable } from './shelf.ts';

/** What is not kept in a table of the organisation: deletions, by version. */
const tombstoneTable = `CREATE TABLE IF NOT EXISTS "$deleted" (
  "table" TEXT NOT NULL, "version" INTEGER NOT NULL, "id" TEXT NOT NULL, PRIMARY KEY ("table", "version")
) WITHOUT ROWID;`;

/** Lookups that nearly every row has and nobody searches by. */
const seldomSearched = new Set([
  ...['createdby', 'modifiedby', 'createdonbehalfby', 'modifiedonbehalfby', 'owninguser', 'owningteam'],
  ...['owningbusinessunit', 'transactioncurrencyid'],
]);
const searchedTexts = new Set([
  ...['ticketnumber', 'accountnumber', 'emailaddress1', 'internalemailaddress', 'domainname'],
  ...['articlepublicnumber', 'messageid'],
]);

const isSearched = (table: TableModel, attribute: Attribute): boolean => {
  const name = attribute.logicalName;
  if (isLookup(attribute)) return !seldomSearched.has(name);
  if (isText(attribute)) return searchedTexts.has(name) || name === table.primaryName;
  return ['versionnumber', 'modifiedon', 'createdon', 'statecode'].includes(name);
};

/** An index on one column; rows without a value cost nothing in it. */
function indexOf(table: TableModel, attribute: Attribute): string {
  const name = attribute.logicalName;
  const where = isLookup(attribute) ? ` WHERE ${quote(name)} IS NOT NULL` : '';
  const index = quote(`${table.logicalName}:${name}`);
  return `CREATE INDEX IF NOT EXISTS ${index} ON ${quote(table.logicalName)} (${indexing(attribute)})${where};`;
}

/** Few states have many rows each: what is open is found in order of time without looking at what is closed. */
function indicesOfState({ logicalName, attributes }: TableModel): string[] {
  const has = (name: string) => attributes.some((attribute) => attribute.logicalName === name);
  return ['createdon', 'modifiedon']
    .filter((time) => has('statecode') && has(time))
    .map((time) => {
      const index = quote(`${logicalName}:statecode,${time}`);
      return `CREATE INDEX IF NOT EXISTS ${index} ON ${quote(logicalName)} ("statecode", "${time}");`;
    });
}

/** A column as CREATE TABLE and ALTER TABLE take it. A principal's `ownerid` is its own id. */
function columnDefinitions(table: TableModel, attribute: Attribute): string[] {
  if (table.base === 'principal' && attribute.logicalName === 'ownerid') {
    return [`"ownerid" TEXT GENERATED ALWAYS AS (${quote(table.primaryId)}) VIRTUAL`];
  }
  const key = attribute.logicalName === table.primaryId ? ' NOT NULL UNIQUE' : '';
  return sqlColumns(attribute).map(([name, type]) => `${name} ${type}${key}`);
}

/** CREATE TABLE with its indices. `$row` counts the rows as they come: the order of a list that names none. */
export function createTable(table: TableModel): string {
  const columns = table.attributes.flatMap((attribute) => columnDefinitions(table, attribute));
  const indices = table.attributes.filter((attribute) => isSearched(table, attribute));
  return [
    `CREATE TABLE IF NOT EXISTS ${quote(table.logicalName)} ("$row" INTEGER PRIMARY KEY, ${columns.join(', ')});`,
    ...indices.map((attribute) => indexOf(table, attribute)),
    ...indicesOfState(table),
    ...table.keys.map((key) => createKey(table, key)),
  ].join('\n');
}

/** ALTER TABLE for a new column. */
export function addColumn(table: TableModel, attribute: Attribute): string {
  const added = columnDefinitions(table, attribute).map(
    (definition) => `ALTER TABLE ${quote(table.logicalName)} ADD COLUMN ${definition};`,
  );
  return [...added, ...(isSearched(table, attribute) ? [indexOf(table, attribute)] : [])].join('\n');
}

/** The unique index behind an alternate key. */
export function createKey(table: TableModel, key: AlternateKey): string {
  const columns = key.columns.map((name) =>
    indexing(table.attributes.find((attribute) => attribute.logicalName === name)!),
  );
  const index = quote(`${table.logicalName}!${key.logicalName}`);
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${index} ON ${quote(table.logicalName)} (${columns.join(', ')});`;
}

/** Pairs of an N:N relationship, found from both ends. */
function createIntersect({ intersect, ends }: ManyToMany): string {
  const [one, other] = ends.map((end) => quote(end.column));
  const name = quote(intersect);
  return `CREATE TABLE IF NOT EXISTS ${name} (${one} TEXT, ${other} TEXT, PRIMARY KEY (${one}, ${other})) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ${quote(`${intersect}:back`)} ON ${name} (${other});`;
}

/** The view `activitypointer`: the columns that all activities share, and which table each row is from. */
function createActivityView(model: Model): string {
  const view = model.table('activitypointer')!;
  const names = view.attributes.flatMap((attribute) => sqlColumns(attribute).map(([name]) => name));
  const selects = [...model.tables.values()]
    .filter((table) => table.base === 'activitypointer')
    .map((table) => `SELECT '${table.logicalName}' AS "$table", ${names} FROM ${quote(table.logicalName)}`);
  return `DROP VIEW IF EXISTS "activitypointer";
CREATE VIEW "activitypointer" AS ${selects.join(' UNION ALL ')};`;
}

/** The view `principal`: users and teams, either of whom may own a row. */
const principalView = `DROP VIEW IF EXISTS "principal";
CREATE VIEW "principal" AS
SELECT 'systemuser' AS "$table", "systemuserid" AS "ownerid", "fullname" AS "name",
  "fullname$fold" AS "name$fold", "versionnumber" FROM "systemuser"
UNION ALL
SELECT 'team', "teamid", "name", "name$fold", "versionnumber" FROM "team";`;

/** Everything that a new organisation's database holds before its first row; leaves an existing one as it is. */
export function createOrganisation(model: Model): string {
  const tables = [...model.tables.values()].filter((table) => !table.view);
  return [
    tombstoneTable,
    shelfTable,
    'CREATE TABLE IF NOT EXISTS "$made" ("place" INTEGER PRIMARY KEY, "data" TEXT NOT NULL);',
    ...tables.map(createTable),
    ...model.manyToMany.map(createIntersect),
    createActivityView(model),
    principalView,
  ].join('\n');
}
