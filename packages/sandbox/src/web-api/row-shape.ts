import type { Attribute, Navigation, TableModel } from '../model/types.ts';

/** The columns and related rows of a table in a response. */
export interface RowShape {
  readonly table: TableModel;
  /** In the order of the response, with the primary key and the currency of money columns. */
  readonly columns: readonly Attribute[];
  /** Composite addresses that are not selected, but come with their parts. They contain only the selected parts. */
  readonly composites: readonly Attribute[];
  readonly expands: readonly ExpandShape[];
  /** The list in the parentheses of `@odata.context`; empty for all columns. */
  readonly context: string;
}

/** An expanded navigation property. */
export interface ExpandShape {
  readonly navigation: Navigation;
  /** Whether only links are requested: `$expand=primarycontactid/$ref`. */
  readonly ref: boolean;
  readonly shape: RowShape;
  /** The options of the item as the caller wrote them, for the link to more rows: `$select=subject&$orderby=createdon`. */
  readonly options: string;
}

/** The list of columns in a context URL, in parentheses; empty for all columns. */
export const contextColumns = ({ context }: RowShape): string => (context === '' ? '' : `(${context})`);
