import { windowMs } from './service-limits.ts';

/** An amount that counts until `until + windowMs`: requests, and milliseconds of execution. */
export type UsageEntry = readonly [until: number, requests: number, executionMs: number];

/**
 * What one user has spent of the window, as all processes that share a store know it. Plain JSON; the functions
 * beside it answer a new one.
 */
export interface RateBudget {
  /** Nothing is sent before: the organization said so. */
  readonly blockedUntil: number;
  /** No lease begins before, while requests are spread. */
  readonly nextAt: number;
  /** By slot of two seconds, in order; `until` is the slot's end. */
  readonly spent: readonly UsageEntry[];
  /** Leases by the limiter that holds them: what they may still spend counts as spent. */
  readonly leased: Readonly<Record<string, UsageEntry>>;
}

/** What a limiter did since its last report. */
export interface UsageReport {
  readonly spent: readonly UsageEntry[];
  readonly blockedUntil: number;
  /** The last answer's word on what is left. */
  readonly reading?: UsageReading;
}

/** What the organization said is used, at a time of our clock. Of several servers, it speaks for one. */
export interface UsageReading {
  readonly at: number;
  readonly requests: number;
  readonly executionMs: number;
}

export const emptyRateBudget: RateBudget = { blockedUntil: 0, nextAt: 0, spent: [], leased: {} };

const slotMs = 2_000;

/** End of the slot that a time lies in. */
export function slotEnd(time: number): number {
  return (Math.floor(time / slotMs) + 1) * slotMs;
}

/** What still counts at a time. What lies far ahead was written by a machine whose clock is wrong. */
export function entriesInWindow({ spent, leased }: RateBudget, time: number): readonly UsageEntry[] {
  return [...spent, ...Object.values(leased)].filter(
    ([until]) => until > time - windowMs && until < time + 2 * windowMs,
  );
}

/** The sum of entries. */
export function sumUsage(entries: readonly UsageEntry[]): Omit<UsageReading, 'at'> {
  let requests = 0;
  let executionMs = 0;
  for (const entry of entries) {
    requests += entry[1];
    executionMs += entry[2];
  }
  return { requests, executionMs };
}

/** How many limiters work at this time. */
export function countHolders({ leased }: RateBudget, now: number): number {
  return Object.values(leased).filter(([until]) => until > now).length;
}

/**
 * Puts what a limiter did in the place of what it held. Where the organization counts more than all of us
 * together, somebody else spends too: the difference counts as spent now. Where it counts less, we keep ours.
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

/** How long an entry is kept after it stopped to count: a reading may be that old. */
const retentionMs = 10_000;

/** Forgets what no longer counts. */
export function pruneBudget(budget: RateBudget, now: number): RateBudget {
  const counts = ([until]: UsageEntry) => until + windowMs + retentionMs > now;
  return {
    ...budget,
    spent: budget.spent.filter(counts),
    leased: Object.fromEntries(Object.entries(budget.leased).filter(([, entry]) => counts(entry))),
  };
}

/** Adds entries to their slots. */
export function mergeUsage(spent: readonly UsageEntry[], more: readonly UsageEntry[]): readonly UsageEntry[] {
  const slots = new Map(spent.map((entry) => [entry[0], entry]));
  for (const [until, requests, executionMs] of more) {
    if (requests === 0 && executionMs === 0) continue;
    const slot = slots.get(until);
    slots.set(until, [until, requests + (slot?.[1] ?? 0), executionMs + (slot?.[2] ?? 0)]);
  }
  return [...slots.values()].sort((a, b) => a[0] - b[0]);
}
