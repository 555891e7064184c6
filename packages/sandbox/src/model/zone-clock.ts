import { dayMs } from '../days.ts';

/** Converts between UTC and the local time of an IANA time zone. */
export interface ZoneClock {
  /** The local time at a time in UTC, as if it were UTC. Both in milliseconds since the epoch. */
  toLocal(utcMs: number): number;
  /** The time in UTC of a local time. Of two times at the end of daylight saving time, the first one. */
  toUtc(localMs: number): number;
}

const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
const timeFields = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;

/** Creating a format takes longer than using it a hundred times, and a new organization uses those of all zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, era: 'short', ...fields, ...timeFields });
  formats.set(timeZone, format);
  return format;
}

/** `zone`: `Europe/Berlin` */
export function createZoneClock(zone: string): ZoneClock {
  const format = formatOf(zone);
  const toLocal = (utcMs: number): number => {
    const parts = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.year, parts.month, parts.day].map(Number);
    const [hour, minute, second] = [parts.hour, parts.minute, parts.second].map(Number);
    const date = new Date(0);
    date.setUTCFullYear(parts.era === 'BC' ? 1 - (year ?? 0) : (year ?? 0), (month ?? 1) - 1, day);
    date.setUTCHours(hour ?? 0, minute, second, utcMs - Math.floor(utcMs / 1000) * 1000);
    return date.getTime();
  };
  const offsetAt = (utcMs: number): number => toLocal(utcMs) - utcMs;
  return {
    toLocal,
    toUtc(localMs) {
      const [before, after] = [localMs - dayMs, localMs + dayMs].map((ms) => localMs - offsetAt(ms));
      const found = [before, after].filter((ms) => ms !== undefined && toLocal(ms) === localMs);
      // A local time that daylight saving time skips has the offset from before.
      return Math.min(...(found.length > 0 ? found : [before]).map(Number));
    },
  };
}

/** The difference from UTC in winter and summer, the smaller one: that of standard time, in minutes. */
export function standardOffsetMinutes(zone: string, nowMs: number): number {
  const clock = createZoneClock(zone);
  const year = new Date(nowMs).getUTCFullYear();
  const offsets = [0, 6].map((month) => Date.UTC(year, month, 1)).map((ms) => clock.toLocal(ms) - ms);
  return Math.min(...offsets) / 60_000;
}
