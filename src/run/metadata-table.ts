import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { MetadataColumn, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import type { LookupTarget, Table, TableColumn } from '../model/table.ts';
import { type ResolvedTable, resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';

/** What the metadata says that an owner is, and the tables whose rows can be one. */
const owners: readonly string[] = ['owner', 'principal'];
const principals: readonly string[] = ['systemuser', 'team'];

/** A connection that also speaks one table of the organization, custom columns included, by Dataverse's own names. */
export interface ConnectionWithTable {
  readonly connection: Connection;
  readonly table: Table;
}

/**
 * Learns a table from the organization's metadata, by any of its names (`case`, `incident`, `incidents`). Its columns
 * have their logical names (`prioritycode`, `customerid`), choices their labels as they are shown. INPUT_INVALID with
 * the nearest names when there is none.
 */
export async function loadTable(connection: Connection, tableName: string): Promise<ConnectionWithTable> {
  const { definition, queryChecker } = connection;
  const resolved = await resolveTable(definition, queryChecker.source, tableName);
  const metadata = await queryChecker.source.getTable(resolved.logicalName);
  if (metadata === undefined) throw unknownTableError(resolved);
  const table = toTable(metadata, await queryChecker.source.listTables());
  const tables = { ...definition.tables, [table.name]: table };
  return { connection: { ...connection, definition: { ...definition, tables } }, table };
}

/** The entity set of a table of the organization, by any of its names. */
export async function requireEntitySet(
  { definition, queryChecker }: Connection,
  tableName: string,
): Promise<string> {
  const resolved = await resolveTable(definition, queryChecker.source, tableName);
  const set = await findEntitySet(queryChecker.source, resolved.logicalName);
  if (set === undefined) throw unknownTableError(resolved);
  return set;
}

/** The entity set of a table by its logical name; undefined when the organization has none. */
export async function findEntitySet(
  source: MetadataSource,
  logicalName: string,
): Promise<string | undefined> {
  return (await source.listTables()).find(({ name }) => name === logicalName)?.entitySet;
}

function unknownTableError({ name, suggestions }: ResolvedTable): ConnectorError {
  const message = `The organization has no table "${name}".`;
  return new ConnectorError('INPUT_INVALID', message, { suggestions: suggestions });
}

function toTable(found: MetadataTable, names: readonly MetadataTableSummary[]): Table {
  const sets = new Map(names.map(({ name, entitySet }) => [name, entitySet]));
  const columns = found.columns.flatMap((column) => toColumn(found, column, sets) ?? []);
  const id = columns.find(({ wireName }) => wireName === found.key);
  return {
    // No table of ours has such a name, so ours are never hidden.
    name: `record:${found.name}`,
    title: found.title,
    plural: found.plural,
    logicalName: found.name,
    entitySet: found.entitySet,
    key: found.key,
    primaryName: found.primaryName ?? found.key,
    columns: id === undefined ? columns : [{ ...id, name: 'id', writable: false }, ...columns],
    rowSchema: { type: 'object' },
    inputProperties: {},
  };
}

function toColumn(
  { navigations }: MetadataTable,
  { name, title, type, choices, requiredLevel, ...may }: MetadataColumn,
  sets: ReadonlyMap<string, string>,
): TableColumn | undefined {
  if (type === 'other') return undefined;
  const targets = navigations.flatMap(({ kind, column, target, name: navigation }): LookupTarget[] => {
    if (kind !== 'one' || column !== name) return [];
    return (owners.includes(target) ? principals : [target]).flatMap((table) => {
      const entitySet = sets.get(table);
      return entitySet === undefined ? [] : [{ table, logicalName: table, entitySet, navigation }];
    });
  });
  return {
    name,
    title,
    logicalName: name,
    wireName: type === 'lookup' ? `_${name}_value` : name,
    type,
    ...(choices === undefined || type === 'boolean'
      ? {}
      : { choices: Object.fromEntries(choices.map(({ label, value }) => [label, value])) }),
    ...(type === 'lookup' ? { targets } : {}),
    writable: !(may.creatable === false && may.updatable === false),
    required: requiredLevel === 'required',
  };
}
