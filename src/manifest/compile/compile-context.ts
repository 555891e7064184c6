import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Table } from '../../model/table.ts';
import type { Validator } from '../../validation/validator.ts';
import type { CompiledProperty } from './compiled-property.ts';

/** The facts about a table that other files need before it is compiled. */
export interface TableInfo {
  readonly title: string;
  readonly plural: string;
  readonly logicalName: string;
  readonly entitySet: string;
  readonly key: string;
  readonly primaryName: string;
}

/** A table, and the data that only the compiler needs. */
export interface CompiledTable {
  readonly table: Table;
  readonly properties: ReadonlyMap<string, CompiledProperty>;
  /** Names of the columns that lists can filter by. */
  readonly filterColumns: readonly string[];
  /** Wire names of the columns that searches include. */
  readonly searchedColumns: readonly string[];
}

/** The state of one compilation. */
export interface CompileContext {
  readonly validator: Validator;
  readonly diagnostics: Map<string, Diagnostic>;
  /** All files, as diagnostics name them. */
  readonly files: ReadonlySet<string>;
  readonly tableInfo: ReadonlyMap<string, TableInfo>;
  readonly tables: Map<string, CompiledTable>;
  /** Tables whose file has errors: references to them are not reported as well. */
  readonly invalidTables: Set<string>;
}

/** The property of a table that is known to exist, because its name comes from the table or has been checked. */
export function requireProperty({ table, properties }: CompiledTable, name: string): CompiledProperty {
  const property = properties.get(name);
  if (property === undefined) throw new Error(`The table ${table.name} has no property ${name}.`);
  return property;
}
