import type { PollItem } from '../model/plan.ts';
import type { TableColumn } from '../model/table.ts';
import { watchedColumns } from './column-fingerprints.ts';
import { type Cursor, rowPosition, startPosition } from './cursor.ts';
import type { PollBudget } from './poll-budget.ts';
import type { PollRun } from './poll-run.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFactColumns } from './row-facts.ts';
import { createItemMapper } from './to-items.ts';

/** The items of a read, and the cursor after it. */
export interface ChangeBatch {
  readonly items: readonly PollItem[];
  readonly cursor: Cursor;
  /** Whether a limit stopped the read. */
  readonly more: boolean;
}

/** Changed rows that are not classified yet. */
export interface UnseenBatch extends Omit<ChangeBatch, 'items'> {
  readonly unseen: Iterable<RowFacts>;
  /** The time of the last page. */
  readonly endedMs: number;
}

/** Reads the rows that changed since the cursor and were not seen before. */
export async function readChanges(poll: PollRun): Promise<ChangeBatch> {
  const { context, request, strategy, state, budget } = poll;
  const { cursor, seenVersions, columnFingerprints } = state;
  const toItemIfMatching = createItemMapper(context, request);
  const { unseen, cursor: reached, more } = await readUnseen(poll, context.table.columns, budget);
  const items: PollItem[] = [];
  for (const facts of unseen) {
    const change = strategy.classify(facts, cursor, seenVersions);
    const item = toItemIfMatching({ facts, change, columnChange: columnFingerprints.compare(facts) });
    if (item !== undefined) items.push(item);
    seenVersions.add(facts);
  }
  return { items, cursor: reached, more };
}

/**
 * Records the rows of the window in a first poll and reports nothing. It ignores the limits: a change between two parts
 * of the read would be lost.
 */
export async function recordWindow(poll: PollRun): Promise<ChangeBatch> {
  const { seenVersions, columnFingerprints } = poll.state;
  const columns = watchedColumns(poll.context.trigger.watch, poll.context.table);
  const { unseen, cursor, more } = await readUnseen(poll, columns);
  for (const facts of unseen) {
    columnFingerprints.compare(facts);
    seenVersions.add(facts);
  }
  return { items: [], cursor, more };
}

/**
 * Reads the latest version of each row in the window that was not seen before this poll. A row that changes again
 * during the poll counts as one change, so that a repeated poll reports the same.
 */
export async function readUnseen(
  poll: PollRun,
  columns: readonly TableColumn[],
  budget?: PollBudget,
): Promise<UnseenBatch> {
  const { context, request, strategy, state, overlapMs, deadLetters } = poll;
  const { cursor } = state;
  const { reader, table } = context;
  const unseen = new Map<string, RowFacts>();
  const read = await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, columns),
    filter: request.filter,
    start: startPosition(cursor),
    startedMs: cursor.windowRead?.startedMs,
    query: (at) => strategy.query(cursor, at, table.key),
    position: (facts) => rowPosition(cursor, facts),
    ...(budget === undefined ? {} : { budget }),
    accept(facts) {
      const known = unseen.get(facts.id);
      if (state.seenVersions.has(facts) || (known !== undefined && known.version >= facts.version))
        return false;
      unseen.delete(facts.id);
      unseen.set(facts.id, facts);
      return true;
    },
    addDeadLetter: (row) => deadLetters.add(row),
  });
  const { stoppedAt, startedMs, endedMs } = read;
  const reached =
    stoppedAt === undefined
      ? strategy.advance(cursor, read, overlapMs)
      : { ...cursor, windowRead: { startedMs, at: stoppedAt } };
  return { unseen: unseen.values(), cursor: reached, more: stoppedAt !== undefined, endedMs };
}
