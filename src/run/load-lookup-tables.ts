import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { findTarget } from './codec/encode-lookup.ts';
import type { Connection } from './connection.ts';
import { loadTable } from './metadata-table.ts';

/** A connection that knows the tables of the lookups which these rows give by an alternate key: keys have types. */
export async function loadLookupTables(
  connection: Connection,
  table: Table,
  rows: readonly JsonObject[],
): Promise<Connection> {
  const names = new Set(rows.flatMap((row) => keyedTables(connection, table, row)));
  let loaded = connection;
  for (const name of names) loaded = (await loadTable(loaded, name)).connection;
  return loaded;
}

function keyedTables({ definition }: Connection, table: Table, row: JsonObject): readonly string[] {
  if (!isJsonObject(row)) return [];
  return Object.entries(row).flatMap(([name, value]) => {
    if (!isJsonObject(value) || value.key === undefined) return [];
    const { targets = [] } = table.columns.find((candidate) => candidate.name === name) ?? {};
    return findTarget(targets, value.table, definition.tables)?.logicalName ?? [];
  });
}
