import type { TableModel } from '../model/types.ts';
import { DataverseError } from '../store/errors.ts';

/**
 * A refusal to throw: an HTTP status, Dataverse's error code in its hexadecimal spelling and a message in its
 * words. The door (`handle.ts`) turns every refusal into the JSON error body.
 */
export function dataverseError(status: number, code: string, message: string): DataverseError {
  return new DataverseError(code, status, message);
}

/** 404: the path names something that does not exist. */
export function segmentNotFound(name: string): DataverseError {
  return dataverseError(404, '0x80060888', `Resource not found for the segment '${name.slice(0, 200)}'.`);
}

/** 404: the resource exists, but not under this method (a POST to a function, a PATCH to a set). */
export function resourceNotFound(url: string): DataverseError {
  return dataverseError(404, '', `No HTTP resource was found that matches the request URI '${url}'.`);
}

/** 404: there is no row with this id. */
export function rowNotFound(table: string, id: string): DataverseError {
  return dataverseError(404, '0x80040217', `${table} With Id = ${id} Does Not Exist`);
}

/** 404: there is no row with these alternate key values. */
export function keyNotFound(table: string): DataverseError {
  const message = `A record with the specified key values does not exist in ${table} entity`;
  return dataverseError(404, '0x80060891', message);
}

/** 400: a column or navigation property that the table does not have, in a query. */
export function propertyNotFound(table: TableModel, name: string): DataverseError {
  const type = `Microsoft.Dynamics.CRM.${table.logicalName}`;
  return dataverseError(400, '0x80060888', `Could not find a property named '${name}' on type '${type}'.`);
}

/** 400: the query cannot be read or asks for something that Dataverse does not do. */
export function invalidQuery(message: string): DataverseError {
  return dataverseError(400, '0x80060888', message);
}

/** 400: the body cannot be read as a row of this set; `inner` says why. */
export function invalidPayload(set: string, inner: string): DataverseError {
  const help = 'For more information on this error please follow this help link';
  const link = 'https://go.microsoft.com/fwlink/?linkid=2195293';
  const message =
    `Error identified in Payload provided by the user for Entity :'${set}', ${help} ${link}  ---->  ` +
    `InnerException : Microsoft.OData.ODataException: ${inner}`;
  return dataverseError(400, '0x80048d19', message);
}

/** 400: an argument of an operation is missing or wrong. */
export function invalidArgument(message: string): DataverseError {
  return dataverseError(400, '0x80040203', message);
}

/** 412: the row was changed since the caller read it. */
export function versionMismatch(): DataverseError {
  const message = "The version of the existing record doesn't match the RowVersion property provided.";
  return dataverseError(412, '0x80060882', message);
}

/** 412: the caller wanted a new row, but there is one. */
export function duplicateKey(): DataverseError {
  return dataverseError(412, '0x80060892', 'A record with matching key values already exists.');
}
