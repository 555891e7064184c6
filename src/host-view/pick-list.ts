/** One value that a form offers. */
export interface PickOption {
  /** What the field's value becomes; for a lookup with several tables `table/id`. */
  readonly value: string | number;
  /** The text to show: "Fabrikam". */
  readonly label: string;
  /** A second line that tells options of one label apart: "CAS-01000-X1Y2Z3". */
  readonly detail?: string;
  /** The address of the row in Dynamics 365. */
  readonly url?: string;
}

/** A table by its name, or the field of the same form that names it. */
export type TableSource = string | { readonly field: string };

/** Where the values of a field come from. `loadPickList` reads those that the organization has. */
export type PickList =
  /** These and no others. */
  | { readonly from: 'values'; readonly options: readonly PickOption[] }
  /** The choices of a column; an organization may have added some. */
  | { readonly from: 'choices'; readonly table: string; readonly column: string }
  | { readonly from: 'tables' }
  /** The columns of our table schema, by our names. */
  | { readonly from: 'own-columns'; readonly table: string }
  /** Columns by their logical names. `custom`: only those that our table schema does not have. */
  | {
      readonly from: 'columns';
      readonly table: TableSource;
      readonly use: 'read' | 'watch' | 'create' | 'update';
      readonly custom?: true;
    }
  /** Rows of one or several tables: users, teams, queues, cases ... */
  | {
      readonly from: 'rows';
      readonly tables: readonly TableSource[];
      /** The value of an option: the row's id, its table and id (`account/<id>`), or the Microsoft Entra object ID of a user. */
      readonly value: 'id' | 'table/id' | 'entra-id';
    };
