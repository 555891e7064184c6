import type { PollItem } from '../model/plan.ts';
import { toDueItem } from './announce.ts';
import { dueColumn, dueMsOf } from './due.ts';
import type { Poll } from './poll.ts';
import { type ChangesRead, readFresh } from './read-changes.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFacts } from './row-facts.ts';
import type { Deadlines } from './window.ts';

/**
 * The deadlines that came since the place of this poll, each once. A deadline that passes changes no row, so there
 * are two ways to meet one: it lies between the last poll and now; or its row changed, and it lies further back.
 * Together they miss none: whoever looks at a row before its deadline finds it by the first, after it by the second.
 */
export async function readDue(poll: Poll): Promise<ChangesRead> {
  const { context, memory, budget } = poll;
  const { sinceMs, throughMs } = memory.place.deadlines!;
  const changed = await readFresh(poll, context.table.columns, budget);
  const untilMs = Math.max(throughMs, changed.endedMs);
  const items: PollItem[] = [];
  const tell = (facts: RowFacts): boolean => {
    const item = itemOf(facts, poll, { sinceMs, throughMs: untilMs });
    if (item === undefined) return false;
    memory.told.add(item.id);
    items.push(item);
    return true;
  };
  for (const facts of changed.fresh) {
    tell(facts);
    memory.ledger.note(facts);
  }
  if (changed.more) return { items, place: changed.place, more: true };
  const { stoppedAt } = await readPassed(poll, { throughMs, untilMs, tell });
  const reachedMs = stoppedAt === undefined ? untilMs : Number(stoppedAt);
  const deadlines = { sinceMs, throughMs: reachedMs };
  return { items, place: { ...changed.place, deadlines }, more: stoppedAt !== undefined };
}

/** The deadline of a row, if it lies within what may be told and was not told before. */
function itemOf(
  facts: RowFacts,
  { context, memory }: Poll,
  { sinceMs, throughMs }: Deadlines,
): PollItem | undefined {
  const atMs = dueMsOf(facts.row, dueColumn(context));
  if (atMs === undefined || atMs <= sinceMs || atMs > throughMs) return undefined;
  const item = toDueItem(context.trigger.id, context.table, { facts, atMs });
  return memory.told.has(item.id) ? undefined : item;
}

interface Passed {
  readonly throughMs: number;
  readonly untilMs: number;
  readonly tell: (facts: RowFacts) => boolean;
}

/** Reads the rows whose deadline lies between the last poll and now, in the order of their deadlines. */
async function readPassed(poll: Poll, { throughMs, untilMs, tell }: Passed) {
  const { context, request, strategy, budget, deadLetters } = poll;
  const { reader, table } = context;
  const due = dueColumn(context);
  return await readWindow({
    reader,
    key: table.key,
    select: selectFacts(table, table.columns),
    filter: request.filter,
    start: BigInt(throughMs),
    query: (at) => strategy.dueQuery({ due, key: table.key }, Number(at), untilMs),
    position: ({ row }) => BigInt(dueMsOf(row, due) ?? 0),
    budget,
    take: tell,
    setAside: (row) => deadLetters.add(row),
  });
}
