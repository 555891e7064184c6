import type { ColumnType } from './table.ts';

/**
 * What an organization says of its tables: only what a query, a row or a form can be checked with. Compact plain
 * data, so that a snapshot of thousands of tables stays small.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */

/** How strongly a form asks for a value. */
export type RequiredLevel = 'none' | 'recommended' | 'required';

/** One value of a choice column. */
export interface MetadataChoice {
  readonly value: number;
  readonly label: string;
  /** Of a status reason: the state it belongs to. */
  readonly state?: number;
}

/** One column of a table. */
export interface MetadataColumn {
  /** Logical name: `prioritycode`; of a lookup without its underscores: `customerid`. */
  readonly name: string;
  /** Display name: "Case Number". */
  readonly title: string;
  /** `other`: a kind that no query compares (party lists, pictures). */
  readonly type: ColumnType | 'other';
  /** `none` when left out. */
  readonly requiredLevel?: RequiredLevel;
  /** False: not settable on a new row, or on a row that is there. */
  readonly creatable?: false;
  readonly updatable?: false;
  /** Characters of a text. */
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  /** Of choice and choices; of boolean the labels of 0 and 1. */
  readonly choices?: readonly MetadataChoice[];
  /** Of a lookup: logical names of the tables it points at. */
  readonly targets?: readonly string[];
}

/** A way from a table to others: `customerid_account`, `Account_Tasks`. Its name is case-sensitive. */
export interface MetadataNavigation {
  readonly name: string;
  /** Dataverse's kind of relationship, seen from this table: `manyToOne` follows a lookup. */
  readonly kind: 'manyToOne' | 'oneToMany' | 'manyToMany';
  /** Logical name of the table it leads to. */
  readonly target: string;
  /** Of `manyToOne`: logical name of the lookup column. */
  readonly column?: string;
}

/** How a table is found. */
export interface MetadataTableSummary {
  /** Logical name: `incident`. */
  readonly name: string;
  /** Entity set: `incidents`. */
  readonly entitySet: string;
  /** Display names: "Case", "Cases". */
  readonly title: string;
  readonly plural: string;
}

/** One table. */
export interface MetadataTable extends MetadataTableSummary {
  /** Primary key column. */
  readonly key: string;
  /** Column that names a row for people. */
  readonly primaryName?: string;
  readonly columns: readonly MetadataColumn[];
  readonly navigations: readonly MetadataNavigation[];
  /** Alternate keys: the logical names of the columns of each. */
  readonly alternateKeys: readonly (readonly string[])[];
}

/** A parameter of an operation, or a member of a complex value. */
export interface MetadataParameter {
  readonly name: string;
  /** As CSDL writes it, without Dataverse's namespace: `Edm.String`, `incident`, `Collection(systemuser)`. */
  readonly type: string;
  readonly required?: true;
}

/** An action or function of the Web API. */
export interface MetadataOperation {
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** What it is called on: a row of the table (`crmbaseentity`: of any), or the table as a whole. */
  readonly boundTo?: { readonly table: string; readonly isCollection?: true };
  readonly parameters: readonly MetadataParameter[];
}

/** Every operation of an organization, those of its own making too, with the types that their parameters have. */
export interface MetadataOperations {
  readonly operations: readonly MetadataOperation[];
  /** Members of enumerations and their numbers; of `flags` several may be named at once. */
  readonly enumTypes: Readonly<
    Record<string, { readonly members: Readonly<Record<string, number>>; readonly flags?: true }>
  >;
  readonly complexTypes: Readonly<Record<string, readonly MetadataParameter[]>>;
  /** Tables that are of another kind as well: `email` -> `activitypointer`, `team` -> `principal`. */
  readonly baseTypes: Readonly<Record<string, string>>;
}
