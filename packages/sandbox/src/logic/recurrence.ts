import { dayMs, startOfDay } from '../days.ts';
import type { ColumnValues } from '../store/types.ts';
import { timeMs } from './time-ms.ts';

const patterns = { daily: 0, weekly: 1, monthly: 2, yearly: 3 } as const;
const ends = { never: 1, occurrences: 2, date: 3 } as const;
const mondayToFriday = 0b011_1110;
/** `instance` of the last week of a month. */
const lastInstance = 5;
/** How long the next occurrence is searched after the end of the time. */
const searchMs = 20 * 366 * dayMs;

/** The columns of a series that define when it occurs. */
export const recurrenceColumns: readonly string[] = [
  ...['recurrencepatterntype', 'interval', 'daysofweekmask', 'dayofmonth', 'monthofyear', 'instance'],
  ...['isnthmonthly', 'isnthyearly', 'isweekdaypattern', 'firstdayofweek', 'patternstartdate'],
  ...['patternendtype', 'patternenddate', 'occurrences', 'starttime', 'endtime', 'duration'],
];

/** The occurrences of a series until a time. */
export interface Occurrences {
  /** When they start, in milliseconds since the epoch. */
  readonly starts: readonly number[];
  /** Whether there are later ones. */
  readonly isPartial: boolean;
}

/** The occurrences of a recurring appointment that start before `untilMs`. Days and times are those of UTC. */
export function findOccurrences(values: ColumnValues, untilMs: number): Occurrences {
  const firstDay = startOfDay(timeMs(values.patternstartdate));
  const timeOfDay = timeMs(values.starttime) - startOfDay(timeMs(values.starttime));
  const occursOn = createDayRule(values, firstDay);
  const endType = values.patternendtype;
  const count = endType === ends.occurrences ? Number(values.occurrences) : Number.POSITIVE_INFINITY;
  const endDay = endType === ends.date ? timeMs(values.patternenddate) : Number.POSITIVE_INFINITY;
  const lastDay = Math.min(endDay, untilMs + searchMs);
  const starts: number[] = [];
  for (let day = firstDay; day <= lastDay && starts.length < count; day += dayMs) {
    if (!occursOn(day)) continue;
    if (day + timeOfDay >= untilMs) return { starts, isPartial: true };
    starts.push(day + timeOfDay);
  }
  return { starts, isPartial: false };
}

/** Whether a series occurs on a day. */
function createDayRule(values: ColumnValues, firstDay: number): (day: number) => boolean {
  const interval = Number(values.interval ?? 1);
  const isDue = (elapsed: number) => elapsed % interval === 0;
  switch (values.recurrencepatterntype) {
    case patterns.weekly: {
      const mask = values.isweekdaypattern === true ? mondayToFriday : Number(values.daysofweekmask ?? 0);
      const weekOf = (day: number) => startOfWeek(day, Number(values.firstdayofweek ?? 0));
      return (day) => isInMask(mask, day) && isDue((weekOf(day) - weekOf(firstDay)) / (7 * dayMs));
    }
    case patterns.monthly: {
      const isDay = createMonthDayRule(values, values.isnthmonthly === true);
      return (day) => isDay(day) && isDue(monthNumber(day) - monthNumber(firstDay));
    }
    case patterns.yearly: {
      const isDay = createMonthDayRule(values, values.isnthyearly === true);
      const month = Number(values.monthofyear ?? 0);
      const years = (day: number) => new Date(day).getUTCFullYear() - new Date(firstDay).getUTCFullYear();
      return (day) => new Date(day).getUTCMonth() + 1 === month && isDay(day) && isDue(years(day));
    }
    default:
      return (day) => isDue((day - firstDay) / dayMs);
  }
}

const isInMask = (mask: number, day: number): boolean => (mask & (1 << new Date(day).getUTCDay())) !== 0;

const startOfWeek = (day: number, firstDayOfWeek: number): number =>
  day - ((new Date(day).getUTCDay() - firstDayOfWeek + 7) % 7) * dayMs;

function monthNumber(day: number): number {
  const date = new Date(day);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** The day of a month: the 15th (the last day of shorter months), or the second Tuesday. */
function createMonthDayRule(values: ColumnValues, isNth: boolean): (day: number) => boolean {
  if (!isNth) {
    const dayOfMonth = Number(values.dayofmonth ?? 0);
    return (day) => new Date(day).getUTCDate() === Math.min(dayOfMonth, daysInMonth(day));
  }
  const mask = Number(values.daysofweekmask ?? 0);
  const instance = Number(values.instance ?? 1);
  return (day) => isInMask(mask, day) && isNthOfMask(day, mask, instance);
}

const daysInMonth = (day: number): number => {
  const date = new Date(day);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
};

function isNthOfMask(day: number, mask: number, instance: number): boolean {
  const date = new Date(day).getUTCDate();
  const first = day - (date - 1) * dayMs;
  const matching = Array.from({ length: daysInMonth(day) }, (_, index) => first + index * dayMs).filter(
    (each) => isInMask(mask, each),
  );
  return matching.at(instance === lastInstance ? -1 : instance - 1) === day;
}
