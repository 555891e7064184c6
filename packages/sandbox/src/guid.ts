import { isGuid } from 'dynamics365-connector/odata';

/** The GUID of no row. */
export const nullGuid = '00000000-0000-0000-0000-000000000000';

/** A GUID in lower case; undefined when the text is not a GUID. */
export function parseGuid(text: string): string | undefined {
  return isGuid(text) ? text.toLowerCase() : undefined;
}
