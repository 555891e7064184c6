import type { Expand } from '../model/expand.ts';
import { ownValue } from '../model/own-value.ts';
import type { ExpandedTable, Table } from '../model/table.ts';
import { expandClause } from '../odata/expand/expand-clause.ts';
import { type FindTable, resolveExpand } from '../odata/expand/resolve-expand.ts';
import { throwIfInvalid } from './codec/invalid-value.ts';
import type { Connection, Planner } from './connection.ts';
import { isMetadataTable, loadTable, metadataTableName } from './metadata-table.ts';
import { selectClauseOf } from './select-clause.ts';

/**
 * What a read of the table expands. Reads no metadata.
 *
 * @throws INPUT_INVALID with an issue for each name that is unknown
 */
export function expandTable(
  { definition }: Planner,
  table: Table,
  expand: Expand,
  path: string,
): readonly ExpandedTable[] {
  const { expanded, issues } = resolveExpand(table, expand, tableFinder(definition.tables), path);
  throwIfInvalid(issues);
  return expanded;
}

/** A connection that knows the tables that `expand` refers to: those without a schema are read from metadata. */
export async function withTablesOf(
  connection: Connection,
  table: Table,
  expand: Expand,
): Promise<Connection> {
  for (let loaded = connection; ; ) {
    const unknown = new Set<string>();
    const find = tableFinder(loaded.definition.tables);
    resolveExpand(table, expand, (target, from) => {
      const found = find(target, from);
      if (found === undefined) unknown.add(target.logicalName);
      return found;
    });
    if (unknown.size === 0) return loaded;
    for (const name of unknown) loaded = (await loadTable(loaded, name)).connection;
  }
}

/** Tables from metadata refer to tables from metadata, since the columns of both have logical names. */
function tableFinder(tables: Connection['definition']['tables']): FindTable {
  return ({ table, logicalName }, from) => {
    const own = isMetadataTable(from) ? undefined : ownValue(tables, table);
    return own ?? ownValue(tables, metadataTableName(logicalName));
  };
}

/** The text of `$expand` for what a table expands; undefined if that is nothing. */
export function expandClauseOf(connection: Connection, table: Table): string | undefined {
  return expandClause(table, (one) => selectClauseOf(connection, one).text);
}
