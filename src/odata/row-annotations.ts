import type { Json, JsonObject } from '../model/json.ts';

/**
 * The annotation with the display text of a value: a choice's label, a lookup's name, a date in the user's format.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns#formatted-values
 */
export const formattedValueAnnotation = 'OData.Community.Display.V1.FormattedValue';

/** The annotation with the logical name of the table that a lookup refers to. */
export const lookupTableAnnotation = 'Microsoft.Dynamics.CRM.lookuplogicalname';

/** The annotation with the page number and cookie of the next page of a FetchXML query. */
export const fetchXmlCookieAnnotation = 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie';

/** The annotation that tells whether a FetchXML query has more rows. */
export const moreRecordsAnnotation = 'Microsoft.Dynamics.CRM.morerecords';

/** The member of a row with its ETag. */
export const etagMember = '@odata.etag';

/** A `Prefer` entry that asks for these annotations: `odata.include-annotations="…"`. */
export function includeAnnotations(...names: readonly string[]): string {
  return `odata.include-annotations="${names.join(',')}"`;
}

/** The `Prefer` entry for display texts and the tables of lookups, which shaping a row needs. */
export const includeDisplayAnnotations = includeAnnotations(formattedValueAnnotation, lookupTableAnnotation);

/** The `Prefer` entry for the tables of lookups alone. */
export const includeLookupTables = includeAnnotations(lookupTableAnnotation);

/** The `Prefer` entry for the pages of a FetchXML query. */
export const includeFetchXmlPaging = includeAnnotations(fetchXmlCookieAnnotation, moreRecordsAnnotation);

/** The same, with display texts and the tables of lookups. */
export const includeFetchXmlAnnotations = includeAnnotations(
  fetchXmlCookieAnnotation,
  moreRecordsAnnotation,
  formattedValueAnnotation,
  lookupTableAnnotation,
);

/** The member of a row with the display text of a column: `prioritycode@OData.Community.Display.V1.FormattedValue`. */
export function formattedValueName(wireName: string): string {
  return `${wireName}@${formattedValueAnnotation}`;
}

/** The member of a row with the logical name of the table that a lookup (`_customerid_value`) refers to. */
export function lookupTableName(wireName: string): string {
  return `${wireName}@${lookupTableAnnotation}`;
}

/** The display text of a value, by the column's wire name; undefined if the row has none. */
export function readFormattedValue(row: JsonObject, wireName: string): string | undefined {
  return readText(row, formattedValueName(wireName));
}

/** The logical name of the table that a lookup (`_customerid_value`) refers to. */
export function readLookupLogicalName(row: JsonObject, wireName: string): string | undefined {
  return readText(row, lookupTableName(wireName));
}

/** The ETag of a row: `W/"1234567"`. */
export function readEtag(row: JsonObject): string | undefined {
  return readText(row, etagMember);
}

/** A row without its ETag. */
export function omitEtag({ [etagMember]: _, ...row }: JsonObject): JsonObject {
  return row;
}

/** The version in an ETag, as digits (it can exceed JavaScript's safe integers); undefined if there is none. */
export function parseEtagVersion(etag: string): string | undefined {
  return /^(?:W\/)?"(\d{1,19})"$/.exec(etag)?.[1];
}

/** The ETag of a version: `1234567` -> `W/"1234567"`. */
export function formatEtag(version: string): string {
  return `W/"${version}"`;
}

/** The text of an annotation; undefined if the row has none. No object inherits a member with such a name. */
export function readText(row: JsonObject, name: string): string | undefined {
  const value: Json | undefined = row[name];
  return typeof value === 'string' ? value : undefined;
}
