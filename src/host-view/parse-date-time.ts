const localDateTimePattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * Converts a local date-time (`2026-03-31T09:00`) to UTC (RFC 3339). Other values, also date-times with an offset, are
 * returned as they are.
 *
 * @param timeZone IANA name of the time zone.
 */
export function parseDateTime(value: unknown, timeZone: string): unknown {
  const parts = typeof value === 'string' ? localDateTimePattern.exec(value.trim()) : null;
  if (parts === null) return value;
  const [year = 0, month = 0, day = 0, hour, minute, second] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // Near a clock change the first offset may be that of the other side; the second one is right.
  const estimateMs = localMs - utcOffsetMs(localMs, timeZone);
  return new Date(localMs - utcOffsetMs(estimateMs, timeZone)).toISOString();
}

/** The date of a date-time text, as written: `2026-03-31T00:00:00+02:00` -> `2026-03-31`. */
export function parseDate(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(value) ? value.slice(0, 10) : value;
}

/** The offset of a time zone from UTC at a time, in milliseconds. */
function utcOffsetMs(atMs: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(clock.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - atMs;
}
