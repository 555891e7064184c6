const hour = 3_600_000;
const day = 24 * hour;

/** A stretch of time in milliseconds: from `from` (included) to `before` (not included) or `upTo` (included). */
export interface TimeRange {
  readonly from?: number;
  readonly before?: number;
  readonly upTo?: number;
}

const startOfDay = (ms: number): number => Math.floor(ms / day) * day;
const utc = (ms: number) => {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
};
/** The first of a month; months outside 0 to 11 run into the years around. */
const month = (ms: number, by: number): number => Date.UTC(utc(ms).year, utc(ms).month + by, 1);
const year = (ms: number, by: number): number => Date.UTC(utc(ms).year + by, 0, 1);
/** Fiscal periods are quarters, the fiscal year begins on the first of January: the settings of a new organization. */
const quarter = (ms: number, by: number): number =>
  Date.UTC(utc(ms).year, (Math.floor(utc(ms).month / 3) + by) * 3, 1);
/** Weeks begin on Sunday. */
const week = (ms: number, by: number): number => startOfDay(ms) + (by * 7 - new Date(ms).getUTCDay()) * day;

/** Midnight, `x` units from today. */
const offsetsFromToday = {
  Days: (ms: number, x: number) => startOfDay(ms) + x * day,
  Weeks: (ms: number, x: number) => startOfDay(ms) + x * 7 * day,
  Months: (ms: number, x: number) => Date.UTC(utc(ms).year, utc(ms).month + x, utc(ms).date),
  Years: (ms: number, x: number) => Date.UTC(utc(ms).year + x, utc(ms).month, utc(ms).date),
  FiscalPeriods: (ms: number, x: number) => quarter(ms, x),
  FiscalYears: (ms: number, x: number) => year(ms, x),
} as const;

/** The unit that a moment lies in, `by` units away: `ThisMonth` is 0, `LastMonth` -1. */
const unitStarts = {
  Week: week,
  Month: month,
  Year: year,
  FiscalPeriod: quarter,
  FiscalYear: year,
} as const;

const unitRange = (unit: (ms: number, by: number) => number, ms: number, by: number): TimeRange => ({
  from: unit(ms, by),
  before: unit(ms, by + 1),
});

type RangeFactory = (nowMs: number, x: number) => TimeRange;

const fixedRanges: Readonly<Record<string, RangeFactory>> = {
  Today: (now) => ({ from: startOfDay(now), before: startOfDay(now) + day }),
  Yesterday: (now) => ({ from: startOfDay(now) - day, before: startOfDay(now) }),
  Tomorrow: (now) => ({ from: startOfDay(now) + day, before: startOfDay(now) + 2 * day }),
  Last7Days: (now) => ({ from: startOfDay(now) - 7 * day, upTo: now }),
  Next7Days: (now) => ({ from: now, before: startOfDay(now) + 8 * day }),
  LastXHours: (now, x) => ({ from: now - x * hour, upTo: now }),
  NextXHours: (now, x) => ({ from: now, upTo: now + x * hour }),
  OlderThanXMinutes: (now, x) => ({ before: now - x * 60_000 }),
  OlderThanXHours: (now, x) => ({ before: now - x * hour }),
};

/** What the functions about a stretch of time around now mean, by name: `LastXDays`, `ThisMonth`. */
export const timeRanges: Readonly<Record<string, RangeFactory>> = {
  ...fixedRanges,
  ...Object.fromEntries(
    Object.entries(unitStarts).flatMap(([name, unit]): [string, RangeFactory][] => [
      [`Last${name}`, (now) => unitRange(unit, now, -1)],
      [`This${name}`, (now) => unitRange(unit, now, 0)],
      [`Next${name}`, (now) => unitRange(unit, now, 1)],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(offsetsFromToday).flatMap(([name, unit]): [string, RangeFactory][] => [
      [`LastX${name}`, (now, x) => ({ from: unit(now, -x), upTo: now })],
      [`NextX${name}`, (now, x) => ({ from: now, before: unit(now, x) + day })],
      [`OlderThanX${name}`, (now, x) => ({ before: unit(now, -x) })],
    ]),
  ),
};

/** The fiscal period (1 to 4) of a fiscal year; without a period the whole year. */
export function fiscalRange(inYear: number, period?: number): TimeRange {
  if (period === undefined) return { from: Date.UTC(inYear, 0, 1), before: Date.UTC(inYear + 1, 0, 1) };
  return { from: Date.UTC(inYear, (period - 1) * 3, 1), before: Date.UTC(inYear, period * 3, 1) };
}

/** The day that a moment lies in. */
export const dayRange = (ms: number): TimeRange => ({ from: startOfDay(ms), before: startOfDay(ms) + day });
