import type { ConnectorError } from '../errors/connector-error.ts';
import type { Table } from '../model/table.ts';
import type { Planner } from './connection.ts';

/** The wire names of a table's columns that this organization lacks. */
export function missingColumnsOf(connection: Planner, table: Table): ReadonlySet<string> {
  if (connection.missingColumns.size === 0) return noColumns;
  const prefix = `${table.logicalName}.`;
  const names = [...connection.missingColumns].filter((name) => name.startsWith(prefix));
  return new Set(names.map((name) => name.slice(prefix.length)));
}

export const noColumns: ReadonlySet<string> = new Set();

const unknownColumn = /Could not find a property named '([^']+)' on type 'Microsoft\.Dynamics\.CRM\.([^']+)'/;

/**
 * Records the column that an error reports as missing. Returns false if the error reports something else, or a column
 * that is recorded already.
 *
 * @param selected wire names of columns of the table that were read, besides those of its schema
 */
export function recordMissingColumn(
  connection: Planner,
  table: Table,
  error: ConnectorError,
  selected: readonly string[] = [],
): boolean {
  const [, wire, logicalName] = unknownColumn.exec(error.details.serverMessage ?? '') ?? [];
  const owner = withExpandedTables(table).find(
    (one) =>
      one.logicalName === logicalName &&
      (one.columns.some(({ wireName }) => wireName === wire) ||
        (one === table && selected.includes(wire ?? ''))),
  );
  const name = `${logicalName}.${wire}`;
  if (wire === undefined || owner === undefined || connection.missingColumns.has(name)) return false;
  connection.missingColumns.add(name);
  connection.selectClauses.delete(owner);
  connection.services.log({
    level: 'warn',
    event: 'column-missing',
    fields: { table: owner.name, column: wire },
  });
  return true;
}

/** A table, and the tables that are expanded in it at any depth. */
function withExpandedTables(table: Table): readonly Table[] {
  return [table, ...(table.expanded ?? []).flatMap((expanded) => withExpandedTables(expanded.table))];
}
