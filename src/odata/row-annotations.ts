import type { JsonObject } from '../model/json.ts';

/** What people see instead of the value: a choice's label, a lookup's name, a date in the user's format. */
export function readFormattedValue(row: JsonObject, wire: string): string | undefined {
  return readText(row, `${wire}@OData.Community.Display.V1.FormattedValue`);
}

/** The logical name of the table that a lookup (`_customerid_value`) points to. */
export function readLookupLogicalName(row: JsonObject, wire: string): string | undefined {
  return readText(row, `${wire}@Microsoft.Dynamics.CRM.lookuplogicalname`);
}

/** The version in an ETag, as digits (a version outgrows JavaScript's numbers); undefined when it has none. */
export function parseEtagVersion(etag: string): string | undefined {
  return /^(?:W\/)?"(\d{1,19})"$/.exec(etag)?.[1];
}

/** The ETag of a version: `1234567` -> `W/"1234567"`. */
export function formatEtag(version: string): string {
  return `W/"${version}"`;
}

function readText(row: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
