import { windowMs } from './limits.ts';

/** An amount that counts until `until + windowMs`: requests, and milliseconds of execution. */
export type Entry = readonly [until: number, requests: number, executionMs: number];

/**
 * What one user has spent of the window, as all processes that share a store know it. Plain JSON; the functions
 * beside it answer a new one.
 */
export interface Budget {
  /** Nothing is sent before: the organisation said so. */
  readonly gateUntil: number;
  /** No lease begins before, while requests are spread. */
  readonly nextAt: number;
  /** By slot of two seconds, in order; `until` is the slot's end. */
  readonly spent: readonly Entry[];
  /** Leases by the limiter that holds them: what they may still spend counts as spent. */
  readonly held: Readonly<Record<string, Entry>>;
}

/** What a limiter did since its last report. */
export interface Report {
  readonly spent: readonly Entry[];
  readonly gateUntil: number;
  /** The last answer's word on what is left. */
  readonly reading?: Reading;
}

/** What the organisation said is used, at a time of our clock. Of several servers, it speaks for one. */
export interface Reading {
  readonly at: number;
  readonly requests: number;
  readonly executionMs: number;
}

export const emptyBudget: Budget = { gateUntil: 0, nextAt: 0, spent: [], held: {} };

const slotMs = 2_000;

/** End of the slot that a time lies in. */
export function slotEnd(time: number): number {
  return (Math.floor(time / slotMs) + 1) * slotMs;
}

/** What still counts at a time. What lies far ahead was written by a machine whose clock is wrong. */
export function countingAt({ spent, held }: Budget, time: number): readonly Entry[] {
  return [...spent, ...Object.values(held)].filter(
    ([until]) => until > time - windowMs && until < time + 2 * windowMs,
  );
}

/** The sum of entries. */
export function total(entries: readonly Entry[]): Omit<Reading, 'at'> {
  let requests = 0;
  let executionMs = 0;
  for (const entry of entries) {
    requests += entry[1];
    executionMs += entry[2];
  }
  return { requests, executionMs };
}

/** How many limiters work at this time. */
export function countHolders({ held }: Budget, now: number): number {
  return Object.values(held).filter(([until]) => until > now).length;
}

/**
 * Puts what a limiter did in the place of what it held. Where the organisation counts more than all of us
 * together, somebody else spends too: the difference counts as spent now. Where it counts less, we keep ours.
 */
export function settle(budget: Budget, holder: string, report: Report): Budget {
  const { [holder]: _, ...held } = budget.held;
  const gateUntil = Math.max(budget.gateUntil, report.gateUntil);
  const known = { ...budget, gateUntil, held, spent: merge(budget.spent, report.spent) };
  if (report.reading === undefined) return known;
  const { at, requests, executionMs } = report.reading;
  const ours = total(countingAt(known, at));
  const unknown: Entry = [
    slotEnd(at),
    Math.max(0, requests - ours.requests),
    Math.max(0, executionMs - ours.executionMs),
  ];
  return { ...known, spent: merge(known.spent, [unknown]) };
}

/** How long an entry is kept after it stopped to count: a reading may be that old. */
const memoryMs = 10_000;

/** Forgets what no longer counts. */
export function prune(budget: Budget, now: number): Budget {
  const counts = ([until]: Entry) => until + windowMs + memoryMs > now;
  return {
    ...budget,
    spent: budget.spent.filter(counts),
    held: Object.fromEntries(Object.entries(budget.held).filter(([, entry]) => counts(entry))),
  };
}

/** Adds entries to their slots. */
export function merge(spent: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const slots = new Map(spent.map((entry) => [entry[0], entry]));
  for (const [until, requests, executionMs] of more) {
    if (requests === 0 && executionMs === 0) continue;
    const slot = slots.get(until);
    slots.set(until, [until, requests + (slot?.[1] ?? 0), executionMs + (slot?.[2] ?? 0)]);
  }
  return [...slots.values()].sort((a, b) => a[0] - b[0]);
}
