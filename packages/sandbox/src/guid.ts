import { hash } from 'node:crypto';
import { isGuid } from 'dynamics365-connector/odata';

/** The GUID of no row. */
export const nullGuid = '00000000-0000-0000-0000-000000000000';

/** A GUID in lower case; undefined when the text is not a GUID. */
export function parseGuid(text: string): string | undefined {
  return isGuid(text) ? text.toLowerCase() : undefined;
}

/** A GUID for a list of names; the same names always give the same GUID. */
export function guidOfNames(...names: readonly string[]): string {
  const hex = hash('sha256', names.join('/'));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
