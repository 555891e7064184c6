/** The columns whose values are recorded for every row, and a walk in progress. */
export interface BaselineState {
  /** Wire names of the columns whose walk is complete. */
  readonly columns: readonly string[];
  readonly walk?: BaselineWalk;
}

/** A walk over all rows of the table. It reports nothing. */
export interface BaselineWalk {
  /** Wire names. */
  readonly columns: readonly string[];
  /** The next page; absent at the start. */
  readonly page?: string;
  /** Rows so far, and of all as far as Dataverse knows; absent for a table of one page. */
  readonly done: number;
  readonly total?: number;
}
