import type { JsonSchema } from './json.ts';

/** How a column's value looks on the wire. `x-type` in a table schema, or derived from type and format. */
export type ColumnType =
  | 'string'
  | 'uuid'
  | 'integer'
  | 'bigint' // Int64 (versionnumber): text, never a JavaScript number
  | 'decimal' // decimal and money: digits as text or number in, text or number out as Dataverse sends it
  | 'boolean'
  | 'date-time'
  | 'date'
  | 'choice'
  | 'choices' // multi-select: "1,2" on the wire
  | 'lookup';

/** Where a lookup may point: our table name (or the logical name where we have no schema) -> how to bind. */
export interface LookupTarget {
  /** Our name of the target table: `account`, `case`. */
  readonly table: string;
  /** Dataverse's logical name: `incident`. */
  readonly logicalName: string;
  readonly entitySet: string;
  /** Single-valued navigation property, case-sensitive: `customerid_account`. */
  readonly navigation: string;
  /** Primary key column, for a table with a schema here; `ownerid` for users and teams. */
  readonly key?: string;
}

/** One property of a table schema, compiled. */
export interface TableColumn {
  /** Our name: `priority`. */
  readonly name: string;
  readonly title: string;
  /** Dataverse's name: `prioritycode`; for a lookup without its underscores: `customerid`. */
  readonly logicalName: string;
  /** What stands in `$select`, `$filter` and rows: `prioritycode`, `_customerid_value`. */
  readonly wireName: string;
  readonly type: ColumnType;
  /** Label -> number, for choice and choices. */
  readonly choices?: Readonly<Record<string, number>>;
  readonly targets?: readonly LookupTarget[];
  readonly writable: boolean;
  /** Needed on create. */
  readonly required: boolean;
  /** Searches look into it. */
  readonly searchable?: true;
}

/** People on an activity, written along with a new row as rows of their own (activityparty); never read. */
export interface ActivityParties {
  /** Our name: `to`. */
  readonly name: string;
  readonly title: string;
  /** Collection-valued navigation property that holds them: `email_activity_parties`. */
  readonly collection: string;
  /** `participationtypemask`: 1 sender, 2 to, 3 cc, 4 bcc. */
  readonly role: number;
  readonly targets: readonly LookupTarget[];
}

/** A table we speak: the codec between our words and Dataverse's. */
export interface Table {
  /** Our name, and the file's: `case`. */
  readonly name: string;
  readonly title: string;
  readonly plural: string;
  readonly logicalName: string;
  readonly entitySet: string;
  /** Primary key column: `incidentid`. */
  readonly key: string;
  /** Column that names a row for people: `title`. */
  readonly primaryName: string;
  readonly columns: readonly TableColumn[];
  /** Of an activity: its people. */
  readonly parties?: readonly ActivityParties[];
  /** JSON Schema of a row as we output it; self-contained. */
  readonly rowSchema: JsonSchema;
  /** JSON Schema of each writable property as we accept it; self-contained. */
  readonly inputProperties: Readonly<Record<string, JsonSchema>>;
}
