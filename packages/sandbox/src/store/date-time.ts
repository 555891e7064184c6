/** Formats a time as the database stores it: UTC without a zone, so that text order is time order. */
export const fromEpochMs = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** The ticks of .NET (100 ns since the year 1) of a time in milliseconds since the epoch. */
export const createDotNetTicks = (ms: number): string =>
  String(BigInt(ms) * 10_000n + 621_355_968_000_000_000n);

/** Formats a time as rows hold it: `2024-05-01T08:30:00Z`. */
export const formatDateTime = (ms: number): string => `${fromEpochMs(ms)}Z`;

/** The stored form of a date and time; fractions of a second are cut off, as in Dataverse. Undefined if invalid. */
export function toStoredDateTime(text: string, dateOnly: boolean): string | undefined {
  const exact = toComparableDateTime(text, dateOnly);
  return exact?.slice(0, dateOnly ? 10 : 19);
}

/** The form to compare with stored times; it keeps fractions of a second. Undefined if invalid. */
export function toComparableDateTime(text: string, dateOnly: boolean): string | undefined {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const ms = Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms)) return undefined;
  const iso = new Date(ms).toISOString();
  if (iso.length !== 24) return undefined;
  if (dateOnly) return iso.slice(0, 10);
  return iso.endsWith('.000Z') ? iso.slice(0, 19) : iso.slice(0, 23);
}
