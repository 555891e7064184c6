/** Whether a text is a date that exists: `2024-02-29`, with a year of four digits. */
export function isValidDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

const dateTimePattern =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Whether a text is an existing date and time with an offset: `2024-02-29T23:59:59.5Z`, `2024-02-29T12:00+02:00`.
 * Second 60 and hour 24 are rejected, because Dataverse does not store them.
 */
export function isValidDateTime(text: string): boolean {
  const match = dateTimePattern.exec(text);
  return isValidDate(match?.[1] ?? '');
}
