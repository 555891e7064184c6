import type { Attribute, Navigation, TableModel } from '../model/types.ts';

/** Which columns and related rows of a table an answer shows. */
export interface RowShape {
  readonly table: TableModel;
  /** In order of the answer; the primary key and what comes along with money are among them. */
  readonly columns: readonly Attribute[];
  readonly expands: readonly ExpandShape[];
  /** What stands in the parentheses of `@odata.context`; empty when every column is shown. */
  readonly context: string;
}

/** One expanded navigation property. */
export interface ExpandShape {
  readonly navigation: Navigation;
  /** Only links: `$expand=primarycontactid/$ref`. */
  readonly ref: boolean;
  readonly shape: RowShape;
  /** Lets the caller read on: `$select=subject&$orderby=createdon`, as the caller wrote it. */
  readonly options: string;
}
