import type { TableModel } from '../model/types.ts';

/** The deleted rows of an organization that can be restored. */
export interface DeletedRows {
  /**
   * Restores a deleted row, the rows that its deletion deleted, and the lookups that it cleared. Throws 404 when there
   * is no such row, 412 when a row has its id or its alternate key, 400 when a referenced row is missing.
   */
  restore(table: TableModel, id: string): void;
  /** Removes the deleted rows of tables that keep none any more. */
  removeUnkept(): void;
  /** Removes the rows that have been kept long enough. Returns when the next one is due, in milliseconds. */
  removeExpired(nowMs: number): number;
}
