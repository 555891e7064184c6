/** Rows that a read returns inside of its rows: our name of a lookup or collection, and what its rows have. */
export interface Expand {
  readonly [name: string]: readonly string[] | ExpandedRows;
}

/** The columns of expanded rows, and rows inside of these. */
export interface ExpandedRows {
  readonly columns: readonly string[];
  readonly expand?: Expand;
}
