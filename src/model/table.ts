import type { JsonSchema } from './json.ts';

/** The type of a column's value in Dataverse: from `x-type` in a table schema, or from its type and format. */
export type ColumnType =
  | 'string'
  | 'uuid'
  | 'integer'
  | 'bigint' // 64 bits (versionnumber), as text
  | 'decimal' // decimal and money: a number, or its digits as text
  | 'boolean'
  | 'date-time'
  | 'date'
  | 'choice'
  | 'choices' // several choices: "1,2" in Dataverse
  | 'lookup';

/** A table that a lookup can refer to, and how to bind its rows. */
export interface LookupTarget {
  /** Our name of the table: `account`, `case`; its logical name if it has no schema. */
  readonly table: string;
  /** The logical name: `incident`. */
  readonly logicalName: string;
  readonly entitySet: string;
  /** The navigation property, case-sensitive: `customerid_account`. */
  readonly navigation: string;
  /** The primary key column, if the table has a schema; `ownerid` for users and teams. */
  readonly key?: string;
}

/** One property of a table schema, compiled. */
export interface TableColumn {
  /** Our name: `priority`. */
  readonly name: string;
  readonly title: string;
  /** The logical name: `prioritycode`; for a lookup `customerid`. */
  readonly logicalName: string;
  /** The name in `$select`, `$filter` and rows: `prioritycode`, `_customerid_value`. */
  readonly wireName: string;
  readonly type: ColumnType;
  /** Label -> number, for choice and choices. */
  readonly choices?: Readonly<Record<string, number>>;
  readonly targets?: readonly LookupTarget[];
  readonly writable: boolean;
  /** Whether a new row needs it. */
  readonly required: boolean;
  /** Whether searches include it. */
  readonly searchable?: true;
}

/** Parties of an activity. They are written with a new row, as rows of activityparty, and never read. */
export interface ActivityParties {
  /** Our name: `to`. */
  readonly name: string;
  readonly title: string;
  /** The collection-valued navigation property: `email_activity_parties`. */
  readonly collection: string;
  /** `participationtypemask`: 1 sender, 2 to, 3 cc, 4 bcc. */
  readonly role: number;
  readonly targets: readonly LookupTarget[];
}

/** A table with a schema: our names and Dataverse's names. */
export interface Table {
  /** Our name, which is the file name: `case`. */
  readonly name: string;
  readonly title: string;
  readonly plural: string;
  readonly logicalName: string;
  readonly entitySet: string;
  /** The primary key column: `incidentid`. */
  readonly key: string;
  /** The primary name column: `title`. */
  readonly primaryName: string;
  readonly columns: readonly TableColumn[];
  /** For an activity: its parties. */
  readonly parties?: readonly ActivityParties[];
  /** JSON Schema of a row as it is returned, without references. */
  readonly rowSchema: JsonSchema;
  /** JSON Schema of each writable property as it is accepted, without references. */
  readonly inputProperties: Readonly<Record<string, JsonSchema>>;
}
