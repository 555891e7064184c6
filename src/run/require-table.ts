import type { ConnectorDefinition } from '../model/definition.ts';
import { ownValue } from '../model/own-value.ts';
import type { Table } from '../model/table.ts';

/** A table of the definition, by the name that a compiled action or trigger gives. The compiler has checked the name. */
export function requireTable({ tables }: Pick<ConnectorDefinition, 'tables'>, name: string): Table {
  const table = ownValue(tables, name);
  if (table === undefined) throw new Error(`The definition has no table "${name}".`);
  return table;
}
