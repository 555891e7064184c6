const localDateTimePattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * A date and time as the engine takes it (RFC 3339). Text without a zone is time on the clock of the workflow's time
 * zone (an IANA name); what is anything else stays as it is.
 */
export function parseDateTime(value: unknown, timeZone: string): unknown {
  const parts = typeof value === 'string' ? localDateTimePattern.exec(value.trim()) : null;
  if (parts === null) return value;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  const wanted = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  // The offset at the guess may be that of the other side of a clock change; a second look settles it.
  const estimate = wanted - utcOffsetMs(wanted, timeZone);
  return new Date(wanted - utcOffsetMs(estimate, timeZone)).toISOString();
}

/** A day of the calendar: `2026-03-31`, as the workflow's author wrote it. */
export function parseDate(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(value) ? value.slice(0, 10) : value;
}

/** How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
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
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - atMs;
}
