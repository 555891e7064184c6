/** The source of a regular expression that matches one GUID; for patterns in which a GUID is a part. */
export const guidSource = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

const wholeGuid = new RegExp(`^${guidSource}$`);
const bracedGuid = new RegExp(`^\\{?${guidSource}\\}?$`);

/** Whether a text is a GUID in 8-4-4-4-12 form, in upper or lower case, without braces. */
export function isGuid(text: string): boolean {
  return wholeGuid.test(text);
}

/** Whether a text is a GUID, in braces or not: FetchXML accepts `{…}`, OData does not. */
export function isGuidOrBracedGuid(text: string): boolean {
  return bracedGuid.test(text);
}

/** The first GUID in a text, in lower case; undefined if there is none. */
export function findGuid(text: string): string | undefined {
  return new RegExp(guidSource).exec(text)?.[0].toLowerCase();
}
