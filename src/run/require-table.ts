import type { ConnectorDefinition, OutputShape } from '../model/definition.ts';
import { ownValue } from '../model/own-value.ts';
import type { Table } from '../model/table.ts';
import type { Planner } from './connection.ts';

/** A table of the definition, by the name that a compiled action or trigger gives. The compiler has checked the name. */
export function requireTable({ tables }: Pick<ConnectorDefinition, 'tables'>, name: string): Table {
  const table = ownValue(tables, name);
  if (table === undefined) throw new Error(`The definition has no table "${name}".`);
  return table;
}

/** The table of the rows that an action returns; undefined if it returns none. */
export function outputTableOf(
  { definition }: Pick<Planner, 'definition'>,
  { output }: { readonly output: OutputShape },
): Table | undefined {
  return 'table' in output ? definition.tables[output.table] : undefined;
}

/** A connection whose definition has this table, in place of one with the same name. */
export function withTable<Kind extends Planner>(connection: Kind, table: Table): Kind {
  const { definition } = connection;
  const tables = { ...definition.tables, [table.name]: table };
  return { ...connection, definition: { ...definition, tables } };
}
