import type { TableModel } from '../model/types.ts';

/** What a user may read. */
export interface ReadAccess {
  /** The readable rows of a table; undefined: all rows. Throws 403 when the user lacks the privilege. */
  readScope(table: TableModel): RowScope | undefined;
  /** The secured columns whose values the user sees only in rows where they are shared with it. */
  hiddenColumns(table: TableModel): readonly HiddenColumn[];
}

/** A secured column that a user cannot read. */
export interface HiddenColumn {
  readonly logicalName: string;
  /** Its `MetadataId`. */
  readonly attributeId: string;
  /** Ids of users and teams: they see the values of rows where the column is shared with them. */
  readonly sharedWith: readonly string[];
}

/** A part of the rows of a table. */
export interface RowScope {
  /** Ids of users and teams: the rows that they own. */
  readonly owners: readonly string[];
  /** Ids of business units: the rows whose owners belong to them. */
  readonly businessUnits: readonly string[];
  /** Ids of users and teams: the rows that are shared with them. */
  readonly sharedWith: readonly string[];
}
