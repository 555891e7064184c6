import type { Diagnostic } from '../model/diagnostic.ts';
import type { Table } from '../model/table.ts';
import type { Validator } from '../validation/validator.ts';
import type { CompiledProperty } from './compiled-property.ts';

/** What other files need to know of a table before it is compiled. */
export interface TableInfo {
  readonly title: string;
  readonly plural: string;
  readonly logicalName: string;
  readonly entitySet: string;
  readonly key: string;
  readonly primaryName: string;
}

/** A table, and what the compiler keeps beside it. */
export interface CompiledTable {
  readonly table: Table;
  readonly properties: ReadonlyMap<string, CompiledProperty>;
  /** Names of the columns that lists can be narrowed by. */
  readonly filterColumns: readonly string[];
  /** Wire names of the columns that searches look into. */
  readonly searchedColumns: readonly string[];
}

/** What one compilation shares; it lives as long as the call. */
export interface CompileContext {
  readonly validator: Validator;
  readonly diagnostics: Map<string, Diagnostic>;
  readonly tableInfo: Map<string, TableInfo>;
  readonly tables: Map<string, CompiledTable>;
  /** Tables whose file has faults: what refers to them is not blamed as well. */
  readonly invalidTables: Set<string>;
}
