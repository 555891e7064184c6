import type { Diagnostic } from '../model/diagnostic.ts';
import type { Table } from '../model/table.ts';
import type { Validator } from '../validation/validator.ts';
import type { Property } from './property.ts';

/** What other files need to know of a table before it is compiled. */
export interface TableFacts {
  readonly title: string;
  readonly plural: string;
  readonly logicalName: string;
  readonly set: string;
  readonly key: string;
  readonly primaryName: string;
}

/** A table, and what the compiler keeps beside it. */
export interface CompiledTable {
  readonly table: Table;
  readonly properties: ReadonlyMap<string, Property>;
  /** Names of the columns that lists can be narrowed by. */
  readonly filters: readonly string[];
  /** Wire names of the columns that searches look into. */
  readonly searches: readonly string[];
}

/** What one compilation shares; it lives as long as the call. */
export interface Workshop {
  readonly validator: Validator;
  readonly diagnostics: Map<string, Diagnostic>;
  readonly facts: Map<string, TableFacts>;
  readonly tables: Map<string, CompiledTable>;
  /** Tables whose file has faults: what refers to them is not blamed as well. */
  readonly broken: Set<string>;
}
