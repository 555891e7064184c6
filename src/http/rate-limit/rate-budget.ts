import { windowMs } from './service-limits.ts';

/** Requests and milliseconds of execution time that count until `until + windowMs`. */
export type UsageEntry = readonly [until: number, requests: number, executionMs: number];

/**
 * The usage of one user in the window, shared by all processes that share a store. It is plain JSON and immutable: the
 * functions of this module return a new budget.
 */
export interface RateBudget {
  /** Nothing may be sent before this time, because the organization answered 429. */
  readonly blockedUntil: number;
  /** The earliest start of the next lease while requests are spread. */
  readonly nextAt: number;
  /** Usage by slots of two seconds, in order; `until` is the end of the slot. */
  readonly spent: readonly UsageEntry[];
  /** Leases by the id of their holder. The requests of a lease count as used until the holder reports. */
  readonly leased: Readonly<Record<string, UsageEntry>>;
}

/** The usage of a limiter since its last report. */
export interface UsageReport {
  readonly spent: readonly UsageEntry[];
  readonly blockedUntil: number;
  /** The usage that the last response stated in its headers. */
  readonly reading?: UsageReading;
}

/** The usage that the organization stated at a time of our clock. With several web servers, it is that of one server. */
export interface UsageReading {
  readonly at: number;
  readonly requests: number;
  readonly executionMs: number;
}

export const emptyRateBudget: RateBudget = { blockedUntil: 0, nextAt: 0, spent: [], leased: {} };

const slotMs = 2_000;

/** Returns the end of the slot that contains `time`. */
export function slotEnd(time: number): number {
  return (Math.floor(time / slotMs) + 1) * slotMs;
}

/** Returns the entries that count at `time`. Entries far in the future come from a machine with a wrong clock. */
export function entriesInWindow({ spent, leased }: RateBudget, time: number): readonly UsageEntry[] {
  return [...spent, ...Object.values(leased)].filter(
    ([until]) => until > time - windowMs && until < time + 2 * windowMs,
  );
}

/** Returns the sum of the entries. */
export function sumUsage(entries: readonly UsageEntry[]): Omit<UsageReading, 'at'> {
  let requests = 0;
  let executionMs = 0;
  for (const entry of entries) {
    requests += entry[1];
    executionMs += entry[2];
  }
  return { requests, executionMs };
}

/** Returns the number of limiters that hold a lease at `now`. */
export function countHolders({ leased }: RateBudget, now: number): number {
  return Object.values(leased).filter(([until]) => until > now).length;
}

/**
 * Replaces the lease of a limiter by its real usage. If the organization states a higher usage than the budget, other
 * clients use the same account, and the difference is added. A lower stated usage is ignored.
 */
export function applyReport(budget: RateBudget, holder: string, report: UsageReport): RateBudget {
  const { [holder]: _, ...leased } = budget.leased;
  const blockedUntil = Math.max(budget.blockedUntil, report.blockedUntil);
  const updated = {
    ...budget,
    blockedUntil,
    leased,
    spent: mergeUsage(budget.spent, report.spent),
  };
  if (report.reading === undefined) return updated;
  const { at, requests, executionMs } = report.reading;
  const ownUsage = sumUsage(entriesInWindow(updated, at));
  const unaccounted: UsageEntry = [
    slotEnd(at),
    Math.max(0, requests - ownUsage.requests),
    Math.max(0, executionMs - ownUsage.executionMs),
  ];
  return { ...updated, spent: mergeUsage(updated.spent, [unaccounted]) };
}

/** Entries are kept this long after they stop counting, because a reading may be that old. */
const retentionMs = 10_000;

/** Removes entries that no longer count. */
export function pruneBudget(budget: RateBudget, now: number): RateBudget {
  const counts = ([until]: UsageEntry) => until + windowMs + retentionMs > now;
  return {
    ...budget,
    spent: budget.spent.filter(counts),
    leased: Object.fromEntries(Object.entries(budget.leased).filter(([, entry]) => counts(entry))),
  };
}

/** Adds entries to the slots that they belong to. */
export function mergeUsage(spent: readonly UsageEntry[], more: readonly UsageEntry[]): readonly UsageEntry[] {
  const slots = new Map(spent.map((entry) => [entry[0], entry]));
  for (const [until, requests, executionMs] of more) {
    if (requests === 0 && executionMs === 0) continue;
    const slot = slots.get(until);
    slots.set(until, [until, requests + (slot?.[1] ?? 0), executionMs + (slot?.[2] ?? 0)]);
  }
  return [...slots.values()].sort((a, b) => a[0] - b[0]);
}
