import type { ConnectorError } from '../errors/connector-error.ts';
import type { Table } from '../model/table.ts';
import type { Connection } from './connection.ts';

/** The wire names of a table's columns that this organization lacks. */
export function missingColumnsOf(connection: Connection, table: Table): ReadonlySet<string> {
  if (connection.missingColumns.size === 0) return noColumns;
  const prefix = `${table.logicalName}.`;
  const names = [...connection.missingColumns].filter((name) => name.startsWith(prefix));
  return new Set(names.map((name) => name.slice(prefix.length)));
}

const noColumns: ReadonlySet<string> = new Set();

const unknownColumn = /Could not find a property named '([^']+)' on type 'Microsoft\.Dynamics\.CRM\.([^']+)'/;

/**
 * Records the column that an error reports as missing. Returns false if the error reports something else, or a column
 * that is recorded already.
 */
export function recordMissingColumn(connection: Connection, table: Table, error: ConnectorError): boolean {
  const [, wire, logicalName] = unknownColumn.exec(error.details.serverMessage ?? '') ?? [];
  const isOurs = table.logicalName === logicalName && table.columns.some(({ wireName }) => wireName === wire);
  const name = `${logicalName}.${wire}`;
  if (wire === undefined || !isOurs || connection.missingColumns.has(name)) return false;
  connection.missingColumns.add(name);
  connection.selectClauses.delete(table);
  connection.services.log({
    level: 'warn',
    event: 'column-missing',
    fields: { table: table.name, column: wire },
  });
  return true;
}
