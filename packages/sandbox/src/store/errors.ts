import { crmNamespace } from 'dynamics365-connector/odata';
import type { AlternateKey, TableModel } from '../model/types.ts';

/** What a plug-in tells about its error: `OperationStatus` and the code of an `InvalidPluginExecutionException`. */
export interface PlugInFailure {
  /** For example `Create of account`. */
  readonly step: string;
  readonly operationStatus?: number;
  readonly subErrorCode?: number;
}

/**
 * An error that Dataverse would return: HTTP status, error code and message. The Web API sends it as
 * `{ error: { code, message } }`.
 */
export class DataverseError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Error code, for example `0x80060888`. */
  readonly code: string;
  /** The plug-in that failed. */
  readonly plugIn: PlugInFailure | undefined;

  constructor(status: number, code: string, message: string, plugIn?: PlugInFailure) {
    super(message);
    this.name = 'DataverseError';
    this.status = status;
    this.code = code;
    this.plugIn = plugIn;
  }
}

/** 400: the query is not valid. */
export const invalidQuery = (message: string): DataverseError =>
  new DataverseError(400, '0x80060888', message);

/** 400: the table has no column or navigation property of this name. */
export const propertyNotFound = (name: string, table: TableModel): DataverseError =>
  invalidQuery(`Could not find a property named '${name}' on type '${crmNamespace}${table.logicalName}'.`);

/** 400: the key of a request names neither the primary key nor an alternate key of the table. */
export const invalidKey = (table: TableModel): DataverseError => {
  const type = `'${crmNamespace}${table.logicalName}'`;
  return invalidQuery(
    `The key in the request URI is not valid for resource ${type}. Ensure that the names and number of key properties match the declared or alternate key properties for the resource ${type}.`,
  );
};

/** 400: an argument or a value is not valid. */
export const invalidArgument = (message: string): DataverseError =>
  new DataverseError(400, '0x80040203', message);

/** 404: there is no row with this id. */
export const rowNotFound = (table: Pick<TableModel, 'logicalName'>, id: string): DataverseError =>
  new DataverseError(404, '0x80040217', `${table.logicalName} With Id = ${id} Does Not Exist`);

/** 400: there is no table of this name. */
export const tableNotFound = (name: string): DataverseError =>
  new DataverseError(
    400,
    '0x80041102',
    `The entity with a name = '${name}' was not found in the MetadataCache.`,
  );

/** 412: the row does not have the expected version. */
export const versionMismatch = (): DataverseError =>
  new DataverseError(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  );

/** 412: another row has the same values in this alternate key. */
export const keyViolated = (table: TableModel, key: AlternateKey): DataverseError => {
  const columns = key.columns.map(
    (name) => table.attributes.find(({ logicalName }) => logicalName === name)?.displayName ?? name,
  );
  const what = `Entity Key ${key.displayName ?? key.logicalName} violated.`;
  const why = `A record with the same value for ${columns.join(', ')} already exists.`;
  const advice = 'A duplicate record cannot be created. Select one or more unique values and try again.';
  return new DataverseError(412, '0x80060892', `${what} ${why} ${advice}`);
};

/** 412: rows have the same values in an alternate key, or a row that must be new exists. */
export const duplicateKey = (): DataverseError =>
  new DataverseError(412, '0x80060892', 'A record with matching key values already exists.');
