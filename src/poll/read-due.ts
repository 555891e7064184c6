import type { PollItem } from '../model/plan.ts';
import type { Deadlines } from './cursor.ts';
import { dueColumn, dueMsOf } from './due.ts';
import type { PollRun } from './poll-run.ts';
import { type ChangeBatch, readUnseen } from './read-changes.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFactColumns } from './row-facts.ts';
import { toDueItem } from './to-items.ts';

/**
 * Reads the deadlines that passed since the cursor, each once. A passing deadline changes no row, so there are two
 * reads: deadlines between the last poll and now, and changed rows whose deadline is earlier. A row that is visible
 * before its deadline is found by the first read, any other row by the second.
 */
export async function readDue(poll: PollRun): Promise<ChangeBatch> {
  const { context, state, budget } = poll;
  const { sinceMs, throughMs } = state.cursor.deadlines!;
  const changed = await readUnseen(poll, context.table.columns, budget);
  const untilMs = Math.max(throughMs, changed.endedMs);
  const items: PollItem[] = [];
  const report = (facts: RowFacts): boolean => {
    const item = itemOf(facts, poll, { sinceMs, throughMs: untilMs });
    if (item === undefined) return false;
    state.reportedDeadlines.add(item.id);
    items.push(item);
    return true;
  };
  for (const facts of changed.unseen) {
    report(facts);
    state.seenVersions.add(facts);
  }
  if (changed.more) return { items, cursor: changed.cursor, more: true };
  const { stoppedAt } = await readPassed(poll, { throughMs, untilMs, report });
  const reachedMs = stoppedAt === undefined ? untilMs : Number(stoppedAt);
  const deadlines = { sinceMs, throughMs: reachedMs };
  return { items, cursor: { ...changed.cursor, deadlines }, more: stoppedAt !== undefined };
}

/** The deadline of a row, if it lies within what may be told and was not told before. */
function itemOf(
  facts: RowFacts,
  { context, state }: PollRun,
  { sinceMs, throughMs }: Deadlines,
): PollItem | undefined {
  const atMs = dueMsOf(facts.row, dueColumn(context));
  if (atMs === undefined || atMs <= sinceMs || atMs > throughMs) return undefined;
  const item = toDueItem(context.trigger.id, context.table, { facts, atMs });
  return state.reportedDeadlines.has(item.id) ? undefined : item;
}

interface PassedDeadlines {
  readonly throughMs: number;
  readonly untilMs: number;
  readonly report: (facts: RowFacts) => boolean;
}

/** Reads the rows whose deadline lies between the last poll and now, in the order of their deadlines. */
async function readPassed(poll: PollRun, { throughMs, untilMs, report }: PassedDeadlines) {
  const { context, request, strategy, budget, deadLetters } = poll;
  const { reader, table } = context;
  const due = dueColumn(context);
  return await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, table.columns),
    filter: request.filter,
    start: BigInt(throughMs),
    query: (at) => strategy.dueQuery({ due, key: table.key }, Number(at), untilMs),
    position: ({ row }) => BigInt(dueMsOf(row, due) ?? 0),
    budget,
    accept: report,
    addDeadLetter: (row) => deadLetters.add(row),
  });
}
