import { dayMs } from '../days.ts';

/** Milliseconds of a period; months and years are counted on the calendar. */
const periods: Readonly<Record<string, number>> = {
  MINUTELY: 60_000,
  HOURLY: 3_600_000,
  DAILY: dayMs,
  WEEKLY: 604_800_000,
};

/**
 * The next start of a recurring job after a time: `FREQ=DAILY;INTERVAL=3;`. Undefined for an empty rule. Only `FREQ`
 * (from `MINUTELY` to `YEARLY`) and `INTERVAL` are supported.
 * https://learn.microsoft.com/power-apps/developer/data-platform/recurrence-pattern-asynchronous-job-execution
 */
export function nextOccurrence(
  rule: string,
  { startMs, afterMs }: { readonly startMs: number; readonly afterMs: number },
): number | undefined {
  const parsed = parseRecurrence(rule);
  if (!parsed || Number.isNaN(startMs)) return undefined;
  const { frequency, interval } = parsed;
  const period = periods[frequency];
  if (period !== undefined) {
    const step = period * interval;
    return startMs + Math.max(0, Math.floor((afterMs - startMs) / step) + 1) * step;
  }
  const months = (frequency === 'YEARLY' ? 12 : 1) * interval;
  for (let count = 0; ; count++) {
    const next = new Date(startMs);
    next.setUTCMonth(next.getUTCMonth() + count * months);
    if (next.getTime() > afterMs) return next.getTime();
  }
}

/** The frequency and interval of a rule; undefined for an empty or malformed one. */
export function parseRecurrence(
  rule: string,
): { readonly frequency: string; readonly interval: number } | undefined {
  const parts = new Map(
    rule
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => part.toUpperCase().split('=') as [string, string | undefined])
      .map(([name, value]) => [name.trim(), value?.trim() ?? '']),
  );
  const frequency = parts.get('FREQ') ?? '';
  const interval = Number(parts.get('INTERVAL') ?? 1);
  const isKnown = Object.hasOwn(periods, frequency) || /^(?:MONTHLY|YEARLY)$/.test(frequency);
  return isKnown && Number.isInteger(interval) && interval > 0 ? { frequency, interval } : undefined;
}
