import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { MetadataColumn, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import { principalTables } from '../model/principals.ts';
import type { LookupTarget, Table, TableColumn } from '../model/table.ts';
import { toWireName } from '../odata/wire-name.ts';
import { type ResolvedTable, resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';

/** The metadata gives an owner column one of these two target types; the actual owners are rows of these two tables. */
const owners: readonly string[] = ['owner', 'principal'];

/** A table that was read from the organization's metadata, and a connection whose definition includes it. */
export interface ConnectionWithTable {
  readonly connection: Connection;
  readonly table: Table;
}

/**
 * Reads a table from the organization's metadata, custom columns included, by any of its names (`case`, `incident`,
 * `incidents`). The columns have their logical names (`prioritycode`, `customerid`), the choices their display labels.
 * INPUT_INVALID with the nearest names if the organization has no such table.
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

/** The entity set of a table, by any of its names. INPUT_INVALID if the organization has no such table. */
export async function requireEntitySet(
  { definition, queryChecker }: Connection,
  tableName: string,
): Promise<string> {
  const resolved = await resolveTable(definition, queryChecker.source, tableName);
  const set = await findEntitySet(queryChecker.source, resolved.logicalName);
  if (set === undefined) throw unknownTableError(resolved);
  return set;
}

/** The entity set of a table by its logical name; undefined if the organization has no such table. */
export async function findEntitySet(
  source: MetadataSource,
  logicalName: string,
): Promise<string | undefined> {
  return (await source.listTables()).find(({ name }) => name === logicalName)?.entitySet;
}

function unknownTableError({ name, suggestions }: ResolvedTable): ConnectorError {
  const message = `The organization has no table "${name}".`;
  return new ConnectorError('INPUT_INVALID', message, { suggestions });
}

function toTable(found: MetadataTable, names: readonly MetadataTableSummary[]): Table {
  const sets = new Map(names.map(({ name, entitySet }) => [name, entitySet]));
  const columns = found.columns.flatMap((column) => toColumn(found, column, sets) ?? []);
  const id = columns.find(({ wireName }) => wireName === found.key);
  return {
    // Names of our own tables have no colon, so this name never replaces one of them.
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
  { name, title, type, choices = [], requiredLevel, creatable, updatable }: MetadataColumn,
  sets: ReadonlyMap<string, string>,
): TableColumn | undefined {
  if (type === 'other') return undefined;
  const targets = navigations.flatMap(({ kind, column, target, name: navigation }): LookupTarget[] => {
    if (kind !== 'manyToOne' || column !== name) return [];
    return (owners.includes(target) ? principalTables : [target]).flatMap((table) => {
      const entitySet = sets.get(table);
      return entitySet === undefined ? [] : [{ table, logicalName: table, entitySet, navigation }];
    });
  });
  return {
    name,
    title,
    logicalName: name,
    wireName: toWireName({ name, type }),
    type,
    choices:
      type === 'choice' || type === 'choices'
        ? Object.fromEntries(choices.map(({ label, value }) => [label, value]))
        : undefined,
    targets: type === 'lookup' ? targets : undefined,
    writable: creatable !== false || updatable !== false,
    required: requiredLevel === 'required',
  };
}
