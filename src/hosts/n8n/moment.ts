const plain = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;

/**
 * A date and time as the engine takes it (RFC 3339) from what n8n has: text, a JavaScript date, or Luxon's. Text
 * without a zone is time on the clock of the workflow's time zone (an IANA name). What is no time stays as it is.
 */
export function toMoment(value: unknown, timeZone: string): unknown {
  const text = toText(value);
  const parts = typeof text === 'string' ? plain.exec(text.trim()) : null;
  if (parts === null) return text;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  const wanted = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  // The offset at the guess may be that of the other side of a clock change; a second look settles it.
  const guess = wanted - offsetAt(wanted, timeZone);
  return new Date(wanted - offsetAt(guess, timeZone)).toISOString();
}

/** A day of the calendar: `2026-03-31`, as the workflow's author wrote it. */
export function toDay(value: unknown): unknown {
  const text = toText(value);
  return typeof text === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(text) ? text.slice(0, 10) : text;
}

function toText(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('toISO' in value && typeof value.toISO === 'function') return value.toISO();
  return value instanceof Date ? value.toISOString() : value;
}

/** How far the clocks of a time zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
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
  const parts = Object.fromEntries(
    clock.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - moment;
}
