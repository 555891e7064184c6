import type { TableModel } from '../model/types.ts';
import { DataverseError } from '../store/errors.ts';

export {
  DataverseError,
  duplicateKey,
  invalidArgument,
  invalidKey,
  invalidQuery,
  propertyNotFound,
  rowNotFound,
  versionMismatch,
} from '../store/errors.ts';

/** 404: the path names something that does not exist. */
export function segmentNotFound(name: string): DataverseError {
  return new DataverseError(404, '0x80060888', `Resource not found for the segment '${name.slice(0, 200)}'.`);
}

/** 404: the resource does not support the method, for example POST to a function or PATCH to an entity set. */
export function resourceNotFound(url: string): DataverseError {
  return new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${url}'.`);
}

/** 405: rows and collections of rows do not have the method, for example PATCH of an entity set. */
export function methodNotAllowed(method: string): DataverseError {
  return new DataverseError(405, '', `The requested resource does not support http method '${method}'.`);
}

/** 404: there is no row with these alternate key values. */
export function keyNotFound(table: TableModel): DataverseError {
  const message = `A record with the specified key values does not exist in ${table.logicalName} entity`;
  return new DataverseError(404, '0x80060891', message);
}

/** 400: the body is not a valid row of this entity set; `inner` states the reason. */
export function invalidPayload(set: string, inner: string): DataverseError {
  const help = 'For more information on this error please follow this help link';
  const link = 'https://go.microsoft.com/fwlink/?linkid=2195293';
  const message =
    `Error identified in Payload provided by the user for Entity :'${set}', ${help} ${link}  ---->  ` +
    `InnerException : Microsoft.OData.ODataException: ${inner}`;
  return new DataverseError(400, '0x80048d19', message);
}
