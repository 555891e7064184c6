import { isLookup, isText } from '../model/attribute.ts';
import type { AlternateKey, Attribute, ManyToManyRelationship, Model, TableModel } from '../model/types.ts';
import { blobTableSql } from './blob-store.ts';
import { quoteIdentifier } from './database.ts';
import { guidOrderSql } from './guid-order.ts';
import { recycleBinSql } from './recycle-bin.ts';
import { requireTable } from './require-table.ts';
import { indexableSql, sqlColumns } from './sql-columns.ts';

/** The deleted rows of all tables, by version. */
const deletedRowsTableSql = `CREATE TABLE IF NOT EXISTS "$deleted" (
  "table" TEXT NOT NULL, "version" INTEGER NOT NULL, "id" TEXT NOT NULL, PRIMARY KEY ("table", "version")
) WITHOUT ROWID;`;

/** Lookups that nearly every row has or that lead to tables that the model lacks, and that queries rarely use. */
const unindexedLookups = new Set([
  ...['createdby', 'modifiedby', 'createdonbehalfby', 'modifiedonbehalfby', 'owninguser', 'owningteam'],
  ...['owningbusinessunit', 'transactioncurrencyid', 'createdbyexternalparty', 'modifiedbyexternalparty'],
  ...['sendermailboxid', 'serviceid', 'slaid', 'slainvokedid', 'preferredserviceid', 'preferredequipmentid'],
]);
const indexedTexts = new Set([
  ...['ticketnumber', 'accountnumber', 'emailaddress1', 'internalemailaddress', 'domainname'],
  ...['articlepublicnumber', 'messageid'],
]);

const indexedIds = new Set(['objectid', 'principalid']);

const isIndexed = (table: TableModel, attribute: Attribute): boolean => {
  const name = attribute.logicalName;
  // The indexes of a state in time order serve conditions on the state too.
  if (isLookup(attribute)) return !unindexedLookups.has(name);
  if (isText(attribute)) return indexedTexts.has(name) || name === table.primaryName;
  if (attribute.type === 'Uniqueidentifier') return indexedIds.has(name);
  return ['versionnumber', 'modifiedon', 'createdon'].includes(name);
};

/** An index on a column. It leaves out rows without a value. */
function createIndexSql(table: TableModel, attribute: Attribute): string {
  const name = attribute.logicalName;
  const where = isLookup(attribute) ? ` WHERE ${quoteIdentifier(name)} IS NOT NULL` : '';
  const index = quoteIdentifier(`${table.logicalName}:${name}`);
  return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoteIdentifier(table.logicalName)} (${indexableSql(attribute)})${where};`;
}

/** Indexes that find rows of a state in time order without reading rows of other states. */
function createStateIndexesSql({ logicalName, attributes }: TableModel): string[] {
  const has = (name: string) => attributes.some((attribute) => attribute.logicalName === name);
  return ['createdon', 'modifiedon']
    .filter((time) => has('statecode') && has(time))
    .map((time) => {
      const index = quoteIdentifier(`${logicalName}:statecode,${time}`);
      return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoteIdentifier(logicalName)} ("statecode", "${time}");`;
    });
}

/** The SQL columns of a column for CREATE TABLE and ALTER TABLE. A principal's `ownerid` is its own id. */
function columnDefinitionsSql(table: TableModel, attribute: Attribute): string[] {
  if (table.base === 'principal' && attribute.logicalName === 'ownerid') {
    return [`"ownerid" TEXT GENERATED ALWAYS AS (${quoteIdentifier(table.primaryId)}) VIRTUAL`];
  }
  const key = attribute.logicalName === table.primaryId ? ' NOT NULL UNIQUE' : '';
  return sqlColumns(attribute).map(([name, type]) => `${name} ${type}${key}`);
}

/** CREATE TABLE with its unique indexes. `$row` numbers the rows. */
export function createTableSql(table: TableModel): string {
  const columns = table.attributes.flatMap((attribute) => columnDefinitionsSql(table, attribute));
  return [
    `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(table.logicalName)} ("$row" INTEGER PRIMARY KEY, ${columns.join(', ')});`,
    ...(table.intersect ? createPairIndexesSql(table) : []),
    ...table.keys.filter(({ failed }) => !failed).map((key) => createKeySql(table, key)),
  ].join('\n');
}

/**
 * The indexes that make queries of a large table fast, one of them for the order of a query without `$orderby`. Most
 * tables of an organization have few rows, and to create 1,400 indexes takes longer than all else at its start.
 */
export function createIndexesSql(table: TableModel): string {
  const indexes = table.attributes.filter((attribute) => isIndexed(table, attribute));
  return [
    ...indexes.map((attribute) => createIndexSql(table, attribute)),
    createRowOrderSql(table),
    ...createStateIndexesSql(table),
  ].join('\n');
}

/** Whether the row that was inserted last, by its number in `$row`, is one after which indexes are created if they are missing. */
export function isLargeAt(row: number): boolean {
  return row >= smallTableRows && Number.isInteger(Math.log2(row));
}

/** Up to so many rows are read as fast without an index. */
const smallTableRows = 256;

/** The indexes of an intersect table: each pair exists once, and pairs are found from both ends. */
function createPairIndexesSql({ logicalName, primaryId, attributes }: TableModel): string[] {
  const ends = attributes
    .filter((attribute) => attribute.type === 'Uniqueidentifier' && attribute.logicalName !== primaryId)
    .map((attribute) => quoteIdentifier(attribute.logicalName));
  const name = quoteIdentifier(logicalName);
  return [
    `CREATE UNIQUE INDEX IF NOT EXISTS ${quoteIdentifier(`${logicalName}:pair`)} ON ${name} (${ends.join(', ')});`,
    `CREATE INDEX IF NOT EXISTS ${quoteIdentifier(`${logicalName}:back`)} ON ${name} (${ends[1]});`,
  ];
}

function createRowOrderSql({ logicalName, primaryId }: TableModel): string {
  const index = quoteIdentifier(`${logicalName}:$order`);
  return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoteIdentifier(logicalName)} (${guidOrderSql(quoteIdentifier(primaryId))});`;
}

/** ALTER TABLE for a new column. */
export function addColumnSql(table: TableModel, attribute: Attribute): string {
  const added = columnDefinitionsSql(table, attribute).map(
    (definition) => `ALTER TABLE ${quoteIdentifier(table.logicalName)} ADD COLUMN ${definition};`,
  );
  return [...added, ...(isIndexed(table, attribute) ? [createIndexSql(table, attribute)] : [])].join('\n');
}

/** The unique index of an alternate key. */
export function createKeySql(table: TableModel, key: AlternateKey): string {
  const columns = key.columns.flatMap((name) =>
    table.attributes.filter((attribute) => attribute.logicalName === name).map(indexableSql),
  );
  const index = quoteIdentifier(`${table.logicalName}!${key.logicalName}`);
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${index} ON ${quoteIdentifier(table.logicalName)} (${columns.join(', ')});`;
}

/** The intersect table of a many-to-many relationship, indexed from both ends. */
export function createIntersectSql({ intersect, ends }: ManyToManyRelationship): string {
  const [one, other] = ends.map((end) => quoteIdentifier(end.column));
  const name = quoteIdentifier(intersect);
  return `CREATE TABLE IF NOT EXISTS ${name} (${one} TEXT, ${other} TEXT, PRIMARY KEY (${one}, ${other})) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ${quoteIdentifier(`${intersect}:back`)} ON ${name} (${other});`;
}

/** DROP TABLE, with its deleted rows and the deletions that were recorded for it. */
export function dropTableSql({ logicalName }: TableModel): string {
  return `DROP TABLE ${quoteIdentifier(logicalName)};
DELETE FROM "$bin" WHERE "table" = '${logicalName}';
DELETE FROM "$deleted" WHERE "table" = '${logicalName}';`;
}

/** ALTER TABLE that removes a column and its index. */
export function dropColumnSql(table: TableModel, attribute: Attribute): string {
  const index = `DROP INDEX IF EXISTS ${quoteIdentifier(`${table.logicalName}:${attribute.logicalName}`)};`;
  const dropped = sqlColumns(attribute).map(
    ([name]) => `ALTER TABLE ${quoteIdentifier(table.logicalName)} DROP COLUMN ${name};`,
  );
  return [index, ...dropped].join('\n');
}

export function dropKeySql(table: string, { logicalName }: AlternateKey): string {
  return `DROP INDEX IF EXISTS ${quoteIdentifier(`${table}!${logicalName}`)};`;
}

export function dropIntersectSql({ intersect }: ManyToManyRelationship): string {
  return `DROP TABLE ${quoteIdentifier(intersect)};`;
}

/** UPDATE that empties a lookup where it references rows of a table. */
export function clearReferencesSql(table: TableModel, attribute: Attribute, target: string): string {
  const names = sqlColumns(attribute).map(([name]) => name);
  const sets = names.map((name) => `${name} = NULL`).join(', ');
  return `UPDATE ${quoteIdentifier(table.logicalName)} SET ${sets} WHERE ${names.at(-1)} = '${target}';`;
}

/** The view `activitypointer`: the columns that all activities share, and each row's own table. */
export function createActivityViewSql(model: Model): string {
  const view = requireTable(model, 'activitypointer');
  const names = view.attributes.flatMap((attribute) => sqlColumns(attribute).map(([name]) => name));
  const selects = [...model.tables.values()]
    .filter((table) => table.base === 'activitypointer')
    .map(
      (table) =>
        `SELECT '${table.logicalName}' AS "$table", ${names} FROM ${quoteIdentifier(table.logicalName)}`,
    );
  return `DROP VIEW IF EXISTS "activitypointer";
CREATE VIEW "activitypointer" AS ${selects.join(' UNION ALL ')};`;
}

/** The view `principal`: users and teams. */
const principalViewSql = `DROP VIEW IF EXISTS "principal";
CREATE VIEW "principal" AS
SELECT 'systemuser' AS "$table", "systemuserid" AS "ownerid", "fullname" AS "name",
  "fullname$fold" AS "name$fold", "versionnumber" FROM "systemuser"
UNION ALL
SELECT 'team', "teamid", "name", "name$fold", "versionnumber" FROM "team";`;

/** Creates the schema of a new organization; existing tables stay unchanged. */
export function createOrganizationSql(model: Model): string {
  const tables = [...model.tables.values()].filter((table) => !table.view);
  return [
    deletedRowsTableSql,
    blobTableSql,
    recycleBinSql,
    'CREATE TABLE IF NOT EXISTS "$schema_changes" ("sequence" INTEGER PRIMARY KEY, "data" TEXT NOT NULL);',
    ...tables.map(createTableSql),
    ...model.manyToMany.filter(({ intersect }) => !model.table(intersect)).map(createIntersectSql),
    createActivityViewSql(model),
    principalViewSql,
  ].join('\n');
}
