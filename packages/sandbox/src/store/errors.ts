import type { TableModel } from '../model/types.ts';

/** The store says no in Dataverse's own words; the protocol turns it into `{ error: { code, message } }`. */
export class DataverseError extends Error {
  /** Dataverse's error code: `0x80060888`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'StoreRefusal';
    this.code = code;
    this.status = status;
  }
}

/** The query cannot be understood: an unknown name, a function that does not fit. */
export const invalidQuery = (message: string): DataverseError =>
  new DataverseError('0x80060888', 400, message);

/** A name that the table does not have, column or navigation. */
export const propertyNotFound = (name: string, table: TableModel): DataverseError =>
  invalidQuery(
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`,
  );

/** An argument that no row could have. */
export const invalidArgument = (message: string): DataverseError =>
  new DataverseError('0x80040203', 400, message);

/** There is no row of that id. */
export const rowNotFound = (table: TableModel, id: string): DataverseError =>
  new DataverseError('0x80040217', 404, `${table.logicalName} With Id = ${id} Does Not Exist`);

/** There is no table of that name. */
export const tableNotFound = (name: string): DataverseError =>
  new DataverseError(
    '0x80041102',
    400,
    `The entity with a name = '${name}' was not found in the MetadataCache.`,
  );

/** The row has another version than the writer expects. */
export const versionMismatch = (): DataverseError =>
  new DataverseError(
    '0x80060882',
    412,
    "The version of the existing record doesn't match the RowVersion property provided.",
  );
