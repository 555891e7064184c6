import { dayMs, startOfDay } from '../../days.ts';

const hourMs = 3_600_000;

/** A time range in milliseconds: from `from` (inclusive) to `before` (exclusive) or `upTo` (inclusive). */
export interface TimeRange {
  readonly from?: number;
  readonly before?: number;
  readonly upTo?: number;
}

const utc = (ms: number) => {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), date: date.getUTCDate() };
};
/** The first day of a month. Months outside 0 to 11 are in the years before or after. */
const month = (ms: number, by: number): number => Date.UTC(utc(ms).year, utc(ms).month + by, 1);
const year = (ms: number, by: number): number => Date.UTC(utc(ms).year + by, 0, 1);
/** Fiscal periods are quarters and the fiscal year starts on January 1: the settings of a new organization. */
const quarter = (ms: number, by: number): number =>
  Date.UTC(utc(ms).year, (Math.floor(utc(ms).month / 3) + by) * 3, 1);
/** Weeks start on Sunday. */
const week = (ms: number, by: number): number => startOfDay(ms) + (by * 7 - new Date(ms).getUTCDay()) * dayMs;

/** Midnight `x` units from today. */
const offsetsFromToday = {
  Days: (ms: number, x: number) => startOfDay(ms) + x * dayMs,
  Weeks: (ms: number, x: number) => startOfDay(ms) + x * 7 * dayMs,
  Months: (ms: number, x: number) => Date.UTC(utc(ms).year, utc(ms).month + x, utc(ms).date),
  Years: (ms: number, x: number) => Date.UTC(utc(ms).year + x, utc(ms).month, utc(ms).date),
  FiscalPeriods: (ms: number, x: number) => quarter(ms, x),
  FiscalYears: (ms: number, x: number) => year(ms, x),
} as const;

/** Start of the unit that is `by` units away: 0 for `ThisMonth`, -1 for `LastMonth`. */
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
  Today: (now) => ({ from: startOfDay(now), before: startOfDay(now) + dayMs }),
  Yesterday: (now) => ({ from: startOfDay(now) - dayMs, before: startOfDay(now) }),
  Tomorrow: (now) => ({ from: startOfDay(now) + dayMs, before: startOfDay(now) + 2 * dayMs }),
  Last7Days: (now) => ({ from: startOfDay(now) - 7 * dayMs, upTo: now }),
  Next7Days: (now) => ({ from: now, before: startOfDay(now) + 8 * dayMs }),
  LastXHours: (now, x) => ({ from: now - x * hourMs, upTo: now }),
  NextXHours: (now, x) => ({ from: now, upTo: now + x * hourMs }),
  OlderThanXMinutes: (now, x) => ({ before: now - x * 60_000 }),
  OlderThanXHours: (now, x) => ({ before: now - x * hourMs }),
};

/** The time ranges of the query functions that depend on the current time, by name: `LastXDays`, `ThisMonth`. */
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
      [`NextX${name}`, (now, x) => ({ from: now, before: unit(now, x) + dayMs })],
      [`OlderThanX${name}`, (now, x) => ({ before: unit(now, -x) })],
    ]),
  ),
};

/** A fiscal period (1 to 4) of a fiscal year; without a period, the whole year. */
export function fiscalRange(inYear: number, period?: number): TimeRange {
  if (period === undefined) return { from: Date.UTC(inYear, 0, 1), before: Date.UTC(inYear + 1, 0, 1) };
  return { from: Date.UTC(inYear, (period - 1) * 3, 1), before: Date.UTC(inYear, period * 3, 1) };
}

/** The day that contains a time. */
export const dayRange = (ms: number): TimeRange => ({ from: startOfDay(ms), before: startOfDay(ms) + dayMs });
