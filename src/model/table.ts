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
  | 'image' // base64; only read when it is asked for
  | 'lookup';

/** Label -> number. A label that several choices share has all their numbers, since it identifies none of them. */
export type ChoiceNumbers = Readonly<Record<string, number | readonly number[]>>;

/** A table that a lookup can refer to, and how to bind its rows. */
export interface LookupTarget {
  /** Our name of the table: `account`, `case`; its logical name if it has no schema. */
  readonly table: string;
  /** The logical name: `incident`. */
  readonly logicalName: string;
  readonly entitySet: string;
  /** The navigation property, case-sensitive: `customerid_account`. */
  readonly navigation: string;
  /** The navigation property of an owner that reads its rows; null if the table has none for them. */
  readonly readBy?: string | null;
  /** Our name of the table, where `table` is its logical name because it was read from the organization's metadata. */
  readonly ownName?: string;
  /** The primary key column, if the table has a schema. */
  readonly key?: string;
  /** The logical name is only assumed to be that of our name. */
  readonly isAssumed?: true;
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
  /** For choice and choices. */
  readonly choices?: ChoiceNumbers;
  /** Whether `choices` are all that the organization has, so that another number is wrong. */
  readonly hasAllChoices?: true;
  readonly targets?: readonly LookupTarget[];
  /** The maximum number of characters, where the organization's metadata has it. */
  readonly maxLength?: number;
  /** The range of a number, where the organization's metadata has it. */
  readonly min?: number;
  readonly max?: number;
  /** A date-time without a zone: the same on every clock, read and written as `2026-01-31T08:00:00`. */
  readonly timeZoneIndependent?: true;
  readonly writable: boolean;
  /** Whether a new row needs it. */
  readonly required: boolean;
  /** A column of the organization that the schema does not have: rows have it in `customColumns`. */
  readonly isCustom?: true;
  /** Whether searches include it. */
  readonly searchable?: true;
  /** The id of the base that has the column; none for an own column. */
  readonly from?: string;
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
  /** Other words that people use for it: `ticket`. */
  readonly keywords?: readonly string[];
  readonly logicalName: string;
  readonly entitySet: string;
  /** The primary key column: `incidentid`. */
  readonly key: string;
  /** The primary name column: `title`. */
  readonly primaryName: string;
  /** The id of the base that declares the table; none for an own table. */
  readonly from?: string;
  /** The alternate keys: for each its columns, by our names. */
  readonly keys?: readonly (readonly string[])[];
  readonly columns: readonly TableColumn[];
  /** Our names of the columns that a read returns; all columns if missing. */
  readonly selected?: readonly string[];
  /** For an activity: its parties. */
  readonly parties?: readonly ActivityParties[];
  /** Rows of other tables that belong to a row, and that a read can expand. */
  readonly collections?: readonly Collection[];
  /** What a read expands; nothing if missing. */
  readonly expanded?: readonly ExpandedTable[];
  /** JSON Schema of a row as it is returned, without references. */
  readonly rowSchema: JsonSchema;
  /** JSON Schema of each writable property as it is accepted, without references. */
  readonly inputProperties: Readonly<Record<string, JsonSchema>>;
}

/** A navigation property that a read expands. */
export interface ExpandedTable {
  /** The name of the lookup or collection: `customer`, `tasks`. */
  readonly name: string;
  /** `customerid_account`, `Incident_Tasks`. */
  readonly navigation: string;
  readonly isCollection: boolean;
  /** The other table, with the columns that are read. */
  readonly table: Table;
}

/** Rows of another table that belong to a row: the other side of a lookup, or of a many-to-many relationship. */
export interface Collection {
  /** Our name: `tasks`. */
  readonly name: string;
  readonly title: string;
  /** The collection-valued navigation property: `Incident_Tasks`. */
  readonly navigation: string;
  /** Our name of the other table, or its logical name if it has no schema. */
  readonly table: string;
  readonly logicalName: string;
  readonly isManyToMany?: true;
}

/** The member of inputs and rows with the columns that the table schema does not have, by their logical names. */
export const customColumnsName = 'customColumns';

/** The member of rows with the rows that a read has expanded, by the names of lookups and collections. */
export const expandedName = 'expanded';

/** A table by any of its names: ours (`case`), its logical name (`incident`) or its entity set (`incidents`). */
export function findTableByName(tables: Readonly<Record<string, Table>>, written: string): Table | undefined {
  return Object.values(tables).find(({ name, logicalName, entitySet }) =>
    [name, logicalName, entitySet].includes(written),
  );
}

/** The name of the property that has the key of a row: `id` in all tables of table files. */
export function keyPropertyOf({ columns, key }: Pick<Table, 'columns' | 'key'>): string {
  return columns.find(({ logicalName }) => logicalName === key)?.name ?? key;
}
