/** The type of a column in a mirror. Each target has its own type for it. */
export type MirrorType =
  | 'uuid'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'boolean'
  | 'timestamp' // with a zone
  | 'local-timestamp' // without: the same on every clock
  | 'date'
  | 'choices'; // a list of integers

/** A value of a choice, with its label in the language of the connection's user. */
export interface ChoiceLabel {
  readonly value: number;
  readonly label: string;
}

/** One column of a mirrored table. */
export interface MirrorColumn {
  /** The name in the target: the logical name; for the table of a lookup with `_table`. */
  readonly name: string;
  /** What it holds: the logical name, or `ownerid/table` for the table of a lookup. */
  readonly source: string;
  /** The name in `$select` and in rows: `_ownerid_value`. */
  readonly wireName: string;
  readonly type: MirrorType;
  /** For the table of a lookup: its only table, if it has one. */
  readonly lookup?: { readonly onlyTable?: string };
  /** For a choice: its labels. Two options have 0 and 1. */
  readonly labels?: readonly ChoiceLabel[];
}

/** What a mirror keeps of a table. */
export interface TablePlan {
  /** The logical name, which is the name of the table in the target: `incident`. */
  readonly table: string;
  /** The name of its primary key column. */
  readonly key: string;
  readonly columns: readonly MirrorColumn[];
  /** Deleted rows are removed, or kept with the time of their deletion in `_deleted_at`. */
  readonly deletes: 'apply' | 'keep';
  /** Columns that mirror.yaml lists and the organization does not have. */
  readonly missing: readonly MissingColumn[];
}

export interface MissingColumn {
  /** The name in mirror.yaml. */
  readonly name: string;
  readonly logicalName: string;
  /** A similar name. */
  readonly suggestion?: string;
}

/** The columns that every mirrored table has besides: their names begin with an underscore, which no logical name does. */
export const ownColumns = {
  /** The number of the load that wrote the row. */
  load: '_load',
  /** A hash of the cells, for `verify`. */
  hash: '_hash',
  syncedAt: '_synced_at',
  deletedAt: '_deleted_at',
} as const;
