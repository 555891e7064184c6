import type { ColumnType } from './table.ts';

// The metadata of an organization's tables, limited to what the checks of queries, rows and forms need. It is compact
// plain data, so that a snapshot of thousands of tables stays small.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api

/**
 * Whether a form requires a value. `required` is Dataverse's ApplicationRequired; columns that Dataverse itself always
 * fills (SystemRequired) are `none`, because a caller need not give them.
 */
export type RequiredLevel = 'none' | 'recommended' | 'required';

/** One value of a choice column. */
export interface MetadataChoice {
  readonly value: number;
  readonly label: string;
  /** For a status reason: its state. */
  readonly state?: number;
}

/** One column of a table. */
export interface MetadataColumn {
  /** The logical name: `prioritycode`; for a lookup `customerid`. */
  readonly name: string;
  /** The display name: "Case Number". */
  readonly title: string;
  /** `parties`: people of an activity in one role; `other`: a type that neither rows nor queries have. */
  readonly type: ColumnType | 'file' | 'parties' | 'other';
  /** `none` if missing. */
  readonly requiredLevel?: RequiredLevel;
  /** False if it cannot be set on a new row, or on an existing row. */
  readonly creatable?: false;
  readonly updatable?: false;
  /** The maximum number of characters. */
  readonly maxLength?: number;
  /** The range of a number. */
  readonly min?: number;
  readonly max?: number;
  /** The number of decimal places that Dataverse keeps. */
  readonly precision?: number;
  /** For a date-time: its value has no zone and is the same for every user. */
  readonly timeZoneIndependent?: true;
  /** Dataverse fills the column of a new row if no value is given. */
  readonly hasDefault?: true;
  /** For choice and choices; for boolean the labels of 0 and 1. */
  readonly choices?: readonly MetadataChoice[];
  /** For a lookup: the logical names of its tables. */
  readonly targets?: readonly string[];
}

/** A navigation property: `customerid_account`, `Account_Tasks`. Its name is case-sensitive. */
export interface MetadataNavigation {
  readonly name: string;
  /** Dataverse's kind of relationship, seen from this table: `manyToOne` follows a lookup. */
  readonly kind: 'manyToOne' | 'oneToMany' | 'manyToMany';
  /** The logical name of the related table. */
  readonly target: string;
  /** For `manyToOne`: the logical name of the lookup column. */
  readonly column?: string;
}

/** The names of a table. */
export interface MetadataTableSummary {
  /** The logical name: `incident`. */
  readonly name: string;
  /** The entity set name: `incidents`. */
  readonly entitySet: string;
  /** The display names: "Case", "Cases". */
  readonly title: string;
  readonly plural: string;
}

/** The metadata of one table. */
export interface MetadataTable extends MetadataTableSummary {
  /** The primary key column. */
  readonly key: string;
  /** The primary name column. */
  readonly primaryName?: string;
  readonly columns: readonly MetadataColumn[];
  /**
   * Logical names of the companions of columns that do not follow from the name of their column:
   * `regardingobjecttypecode`. Companions are not in rows; FetchXML can use them.
   */
  readonly companions?: readonly string[];
  readonly navigations: readonly MetadataNavigation[];
  /** The alternate keys, each with the logical names of its columns. */
  readonly alternateKeys: readonly (readonly string[])[];
}

/** A parameter of an operation, or a member of a complex type. */
export interface MetadataParameter {
  readonly name: string;
  /** The type as in CSDL, without Dataverse's namespace: `Edm.String`, `incident`, `Collection(systemuser)`. */
  readonly type: string;
  readonly required?: true;
}

/** An action or function of the Web API. */
export interface MetadataOperation {
  readonly name: string;
  readonly kind: 'action' | 'function';
  /** The binding: a row of the table (`crmbaseentity`: of any table), or the table as a collection. */
  readonly boundTo?: { readonly table: string; readonly isCollection?: true };
  readonly parameters: readonly MetadataParameter[];
}

/** All operations of an organization, custom ones too, with the types of their parameters. */
export interface MetadataOperations {
  readonly operations: readonly MetadataOperation[];
  /** The enum types with their members; with `flags`, a value can have several members. */
  readonly enumTypes: Readonly<
    Record<string, { readonly members: Readonly<Record<string, number>>; readonly flags?: true }>
  >;
  readonly complexTypes: Readonly<Record<string, readonly MetadataParameter[]>>;
  /** The base types of tables: `email` -> `activitypointer`, `team` -> `principal`. */
  readonly baseTypes: Readonly<Record<string, string>>;
}
