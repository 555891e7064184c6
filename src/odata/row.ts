import type { JsonObject } from '../model/json.ts';

/** What people see instead of the value: a choice's label, a lookup's name, a date in the user's format. */
export function formattedValue(row: JsonObject, wire: string): string | undefined {
  return text(row, `${wire}@OData.Community.Display.V1.FormattedValue`);
}

/** The logical name of the table that a lookup (`_customerid_value`) points to. */
export function lookupLogicalName(row: JsonObject, wire: string): string | undefined {
  return text(row, `${wire}@Microsoft.Dynamics.CRM.lookuplogicalname`);
}

/** The version in an ETag, as digits (a version outgrows JavaScript's numbers); undefined when it has none. */
export function versionOfEtag(etag: string): string | undefined {
  return /^(?:W\/)?"(\d{1,19})"$/.exec(etag)?.[1];
}

/** The ETag of a version: `1234567` -> `W/"1234567"`. */
export function etagOfVersion(version: string): string {
  return `W/"${version}"`;
}

function text(row: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
