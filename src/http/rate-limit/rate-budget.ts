import { effectiveLimits, type LearnedLimits, type LimitEvidence, learnLimits } from './learned-limits.ts';
import type { RemainingQuota } from './rate-limit-headers.ts';
import { type LimitSettings, windowMs } from './service-limits.ts';

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
  /** The limits of the organization that were learned from its responses; absent before the first. */
  readonly learned?: LearnedLimits;
  /** Leases by the id of their holder. The requests of a lease count as used until the holder reports. */
  readonly leased: Readonly<Record<string, UsageEntry>>;
}

/** The usage of a limiter since its last report. */
export interface UsageReport {
  readonly spent: readonly UsageEntry[];
  readonly blockedUntil: number;
  /** What the last response stated in its headers. */
  readonly reading?: UsageReading;
  readonly evidence?: LimitEvidence;
}

/** What was left at a time of our clock. With several web servers, it is what is left on one of them. */
export interface UsageReading extends RemainingQuota {
  readonly at: number;
}

/** Usage without its time. */
export interface Usage {
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

/** By how much the clocks of two machines may differ. */
const maxClockSkewMs = 60_000;

/** False if a block ends later than one can: a `Retry-After` is obeyed for the length of the window at most. */
export function isPlausibleBlock(until: number, now: number): boolean {
  return until <= now + windowMs + maxClockSkewMs;
}

/**
 * Removes times that are further away than they can be set to: a machine with a wrong clock wrote them, or the clock of
 * this one was put back. Without this, they would hide the blocks of other processes.
 */
export function dropFutureTimes(budget: RateBudget, now: number): RateBudget {
  const isPlausible = (time: number) => time < now + 2 * windowMs;
  const leased = Object.entries(budget.leased).filter(([, [until]]) => isPlausible(until));
  return {
    ...budget,
    blockedUntil: isPlausibleBlock(budget.blockedUntil, now) ? budget.blockedUntil : 0,
    nextAt: isPlausible(budget.nextAt) ? budget.nextAt : 0,
    leased: Object.fromEntries(leased),
  };
}

/** Returns the sum of the entries. */
export function sumUsage(entries: readonly UsageEntry[]): Usage {
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
 * Replaces the lease of a limiter by its real usage, and learns the limits of the organization. If the organization
 * states a higher usage than the budget, other clients use the same account, and the difference is added. A lower stated
 * usage is ignored.
 */
export function applyReport(
  budget: RateBudget,
  {
    holder,
    settings,
    ...report
  }: UsageReport & { readonly holder: string; readonly settings: LimitSettings },
): RateBudget {
  const { [holder]: _, ...leased } = budget.leased;
  const learned =
    report.evidence === undefined ? budget.learned : learnLimits(budget.learned, report.evidence);
  const updated = {
    ...budget,
    learned,
    blockedUntil: Math.max(budget.blockedUntil, report.blockedUntil),
    leased,
    spent: mergeUsage(budget.spent, report.spent),
  };
  if (report.reading === undefined) return updated;
  const foreign = foreignUsage(updated, report.reading, settings);
  const entry: UsageEntry = [slotEnd(report.reading.at), foreign.requests, foreign.executionMs];
  return { ...updated, spent: mergeUsage(updated.spent, [entry]) };
}

/** The usage of other clients, as far as it leaves less than the operator has set for this one. */
function foreignUsage(
  budget: RateBudget,
  { at, ...remaining }: UsageReading,
  settings: LimitSettings,
): Usage {
  const organization = effectiveLimits(budget.learned, {});
  const own = effectiveLimits(budget.learned, settings);
  const counted = sumUsage(entriesInWindow(budget, at));
  const excess = (left: number | undefined, limit: number, ownLimit: number, used: number) =>
    left === undefined ? 0 : Math.max(0, Math.round(limit - left - used - Math.max(0, limit - ownLimit)));
  return {
    requests: excess(remaining.requests, organization.maxRequests, own.maxRequests, counted.requests),
    executionMs: excess(
      remaining.executionMs,
      organization.maxExecutionMs,
      own.maxExecutionMs,
      counted.executionMs,
    ),
  };
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
