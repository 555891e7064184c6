import type { CatchUpPosition } from './checkpoint.ts';
import { type Cursor, rowPosition, startPosition } from './cursor.ts';
import { dueMsOf } from './due.ts';
import type { Feed } from './feed.ts';
import type { FeedHead } from './feed-head.ts';
import type { FeedEntry } from './feed-log.ts';
import type { PollBudget } from './poll-budget.ts';
import { toEntry } from './read-changes.ts';
import { toDueEntry } from './read-deadlines.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFactColumns, wireNamesOf } from './row-facts.ts';
import type { Strategy } from './strategy.ts';

/** The entries of a catch-up, and the position from which it goes on; undefined when it is complete. */
export interface CatchUpBatch {
  readonly entries: readonly FeedEntry[];
  readonly next: CatchUpPosition | undefined;
}

/** What a catch-up reads with. */
export interface CatchUpOptions {
  readonly feed: Feed;
  /** Wire name of the column with the deadline. */
  readonly dueColumn: string | undefined;
  readonly strategy: Strategy;
  readonly budget: PollBudget;
}

/** A catch-up from a cursor up to what the log begins with. `dueFromMs`: the first deadline to read. */
export function startCatchUp(head: FeedHead, from: Cursor, dueFromMs: number): CatchUpPosition {
  const { windowRead: _, watermark: __, ...cursor } = from;
  return {
    cursor,
    untilVersion: head.cursor?.watermark === undefined ? undefined : head.highestVersion,
    untilMs: head.readAtMs,
    dueFromMs,
  };
}

/**
 * Reads the changes of a time that the log does not have: of before the feed began, before the oldest entry, or of the
 * time before the feed's state was lost. It reads nothing that is in the log. Which columns changed cannot be known.
 */
export async function readCatchUp(position: CatchUpPosition, options: CatchUpOptions): Promise<CatchUpBatch> {
  const changes = position.areChangesRead
    ? { entries: [], stoppedAt: undefined }
    : await readMissedChanges(position, options);
  if (changes.stoppedAt !== undefined) {
    const cursor = { ...position.cursor, windowRead: { startedMs: position.untilMs, at: changes.stoppedAt } };
    return { entries: changes.entries, next: { ...position, cursor } };
  }
  const { dueColumn } = options;
  if (dueColumn === undefined) return { entries: changes.entries, next: undefined };
  const deadlines = await readMissedDeadlines(position, dueColumn, options);
  const entries = [...changes.entries, ...deadlines.entries];
  if (deadlines.stoppedAt === undefined) return { entries, next: undefined };
  const { windowRead: _, ...cursor } = position.cursor;
  return {
    entries,
    next: { ...position, cursor, areChangesRead: true, dueFromMs: Number(deadlines.stoppedAt) },
  };
}

async function readMissedChanges(
  { cursor, untilVersion, untilMs }: CatchUpPosition,
  { feed, strategy, budget }: CatchUpOptions,
) {
  const { reader, table } = feed;
  const found = new Map<string, RowFacts>();
  const isInLog = ({ version, modifiedMs }: RowFacts) =>
    untilVersion === undefined ? modifiedMs > untilMs : version > untilVersion;
  const { stoppedAt } = await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, wireNamesOf(table)),
    start: startPosition(cursor),
    query: (at) => strategy.query(cursor, at, table.key),
    position: (facts) => rowPosition(cursor, facts),
    budget,
    async accept(page) {
      for (const facts of page) if (!isInLog(facts)) found.set(facts.id, facts);
      // The next read starts at the same time again, so this one must get past it.
      return false;
    },
    addDeadLetter: async () => {},
  });
  const isComplete = (facts: RowFacts) =>
    stoppedAt === undefined || cursor.version !== undefined || rowPosition(cursor, facts) < stoppedAt;
  const entries = [...found.values()].filter(isComplete).map((facts) =>
    toEntry(facts, {
      isNew: facts.createdMs >= cursor.newSinceMs,
      changedColumns: [],
      uncertainColumns: wireNamesOf(table),
      atMs: untilMs,
    }),
  );
  return { entries, stoppedAt };
}

/** Deadlines of rows that did not change meanwhile: the others are among the changes, or in the log. */
async function readMissedDeadlines(
  { cursor, untilMs, dueFromMs = untilMs }: CatchUpPosition,
  column: string,
  { feed, strategy, budget }: CatchUpOptions,
) {
  const { reader, table } = feed;
  const found = new Map<string, RowFacts>();
  const isAmongChanges = ({ version, modifiedMs }: RowFacts) =>
    cursor.version === undefined ? modifiedMs >= cursor.readFromMs : version > cursor.version;
  const { stoppedAt } = await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, wireNamesOf(table)),
    start: BigInt(dueFromMs),
    query: (at) => strategy.dueQuery({ due: column, key: table.key }, Number(at), untilMs),
    position: ({ row }) => BigInt(dueMsOf(row, column) ?? 0),
    budget,
    async accept(page) {
      for (const facts of page) if (!isAmongChanges(facts)) found.set(facts.id, facts);
      return false;
    },
    addDeadLetter: async () => {},
  });
  const isComplete = ({ row }: RowFacts) =>
    stoppedAt === undefined || BigInt(dueMsOf(row, column) ?? 0) < stoppedAt;
  const entries = [...found.values()].filter(isComplete).map((facts) => toDueEntry(facts, column, untilMs));
  return { entries, stoppedAt };
}
