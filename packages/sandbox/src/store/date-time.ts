/** A moment as the database keeps it: UTC, no zone letter, so that text order is time order. */
export const fromEpochMs = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** A stored moment of what a row holds: seconds, the rest cut off as Dataverse does. Undefined when it is none. */
export function toStoredDateTime(text: string, dateOnly: boolean): string | undefined {
  const exact = toComparableDateTime(text, dateOnly);
  return exact?.slice(0, dateOnly ? 10 : 19);
}

/** A moment to compare stored ones with; it keeps its fraction of a second. */
export function toComparableDateTime(text: string, dateOnly: boolean): string | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) return undefined;
  const iso = new Date(ms).toISOString();
  if (iso.length !== 24) return undefined;
  if (dateOnly) return iso.slice(0, 10);
  return iso.endsWith('.000Z') ? iso.slice(0, 19) : iso.slice(0, 23);
}
