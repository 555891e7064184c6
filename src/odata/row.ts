import type { JsonObject } from '../model/json.ts';

/** What people see instead of the value: a choice's label, a lookup's name, a date in the user's format. */
export function formattedValue(row: JsonObject, wire: string): string | undefined {
  return text(row, `${wire}@OData.Community.Display.V1.FormattedValue`);
}

/** The logical name of the table that a lookup (`_customerid_value`) points to. */
export function lookupLogicalName(row: JsonObject, wire: string): string | undefined {
  return text(row, `${wire}@Microsoft.Dynamics.CRM.lookuplogicalname`);
}

/** The navigation property through which a lookup was set: `customerid_account`. */
export function lookupNavigation(row: JsonObject, wire: string): string | undefined {
  return text(row, `${wire}@Microsoft.Dynamics.CRM.associatednavigationproperty`);
}

/** The row's ETag as it came: `W/"1234567"`. */
export function etagOf(row: JsonObject): string | undefined {
  return text(row, '@odata.etag');
}

/** The version in an ETag, as digits (a version outgrows JavaScript's numbers); undefined when it has none. */
export function versionOfEtag(etag: string): string | undefined {
  return /^(?:W\/)?"(\d{1,19})"$/.exec(etag)?.[1];
}

/** The ETag of a version: `1234567` -> `W/"1234567"`. */
export function etagOfVersion(version: string): string {
  return `W/"${version}"`;
}

/** Orders versions (digits) by their numbers: negative when `a` is older, 0 when they are the same. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function text(row: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
