import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataSource } from '../metadata/service.ts';
import type { MetadataColumn, MetadataName, MetadataTable } from '../model/metadata.ts';
import type { Column, LookupTarget, Table } from '../model/table.ts';
import { findTable, type NamedTable } from '../query/find-table.ts';
import type { Connection } from './connection.ts';

/** What the metadata says that an owner is, and the tables whose rows can be one. */
const owners: readonly string[] = ['owner', 'principal'];
const principals: readonly string[] = ['systemuser', 'team'];

/** A connection that also speaks one table of the organisation, custom columns included, by Dataverse's own names. */
export interface WithTable {
  readonly connection: Connection;
  readonly table: Table;
}

/**
 * Learns a table from the organisation's metadata, by any of its names (`case`, `incident`, `incidents`). Its columns
 * have their logical names (`prioritycode`, `customerid`), choices their labels as they are shown. INPUT_INVALID with
 * the nearest names when there is none.
 */
export async function withTable(connection: Connection, written: string): Promise<WithTable> {
  const { definition, checker } = connection;
  const named = await findTable(definition, checker.source, written);
  const found = await checker.source.table(named.logicalName);
  if (found === undefined) throw unknown(named);
  const table = toTable(found, await checker.source.names());
  const tables = { ...definition.tables, [table.name]: table };
  return { connection: { ...connection, definition: { ...definition, tables } }, table };
}

/** The entity set of a table of the organisation, by any of its names. */
export async function entitySet({ definition, checker }: Connection, written: string): Promise<string> {
  const named = await findTable(definition, checker.source, written);
  const set = await setOf(checker.source, named.logicalName);
  if (set === undefined) throw unknown(named);
  return set;
}

/** The entity set of a table by its logical name; undefined when the organisation has none. */
export async function setOf(source: MetadataSource, logicalName: string): Promise<string | undefined> {
  return (await source.names()).find(({ name }) => name === logicalName)?.set;
}

function unknown({ written, near }: NamedTable): ConnectorError {
  const message = `The organisation has no table "${written}".`;
  return new ConnectorError('INPUT_INVALID', message, { suggestions: near });
}

function toTable(found: MetadataTable, names: readonly MetadataName[]): Table {
  const sets = new Map(names.map(({ name, set }) => [name, set]));
  const columns = found.columns.flatMap((column) => toColumn(found, column, sets) ?? []);
  const id = columns.find(({ wire }) => wire === found.key);
  return {
    // No table of ours has such a name, so ours are never hidden.
    name: `record:${found.name}`,
    title: found.title,
    plural: found.plural,
    logicalName: found.name,
    set: found.set,
    key: found.key,
    primaryName: found.primaryName ?? found.key,
    columns: id === undefined ? columns : [{ ...id, name: 'id', writable: false }, ...columns],
    rowSchema: { type: 'object' },
    inputProperties: {},
  };
}

function toColumn(
  { navigations }: MetadataTable,
  { name, title, type, choices, required, ...may }: MetadataColumn,
  sets: ReadonlyMap<string, string>,
): Column | undefined {
  if (type === 'other') return undefined;
  const targets = navigations.flatMap(({ kind, column, target, name: navigation }): LookupTarget[] => {
    if (kind !== 'one' || column !== name) return [];
    return (owners.includes(target) ? principals : [target]).flatMap((table) => {
      const set = sets.get(table);
      return set === undefined ? [] : [{ table, logicalName: table, set, navigation }];
    });
  });
  return {
    name,
    title,
    column: name,
    wire: type === 'lookup' ? `_${name}_value` : name,
    type,
    ...(choices === undefined || type === 'boolean'
      ? {}
      : { choices: Object.fromEntries(choices.map(({ label, value }) => [label, value])) }),
    ...(type === 'lookup' ? { targets } : {}),
    writable: !(may.creatable === false && may.updatable === false),
    required: required === 'required',
  };
}
