import type { PollItem } from '../model/plan.ts';
import type { Column } from '../model/table.ts';
import { createAnnouncer } from './announce.ts';
import type { Budget } from './budget.ts';
import type { Poll } from './poll.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFacts } from './row-facts.ts';
import { watchedColumns } from './shadow.ts';
import { type Place, positionOf, startOf } from './window.ts';

/** The events among the rows that were read, and the place to go on from. */
export interface ChangesRead {
  readonly items: readonly PollItem[];
  readonly place: Place;
  /** A limit stopped the read; there is more. */
  readonly more: boolean;
}

/** Rows that changed, before anybody decided what they mean. */
export interface FreshRead extends Omit<ChangesRead, 'items'> {
  readonly fresh: Iterable<RowFacts>;
  /** Time of the last page. */
  readonly endedMs: number;
}

/** The rows that changed since the place of this poll, and were not seen before. */
export async function readChanges(poll: Poll): Promise<ChangesRead> {
  const { context, request, strategy, memory, budget } = poll;
  const { place, ledger, shadow } = memory;
  const announce = createAnnouncer(context, request);
  const { fresh, place: reached, more } = await readFresh(poll, context.table.columns, budget);
  const items: PollItem[] = [];
  for (const facts of fresh) {
    const change = strategy.classify(facts, place, ledger);
    const item = announce({ facts, change, sight: shadow.observe(facts) });
    if (item !== undefined) items.push(item);
    ledger.note(facts);
  }
  return { items, place: reached, more };
}

/**
 * Notes what the window holds when a trigger begins, and reports nothing. It reads to the end, whatever the
 * limits: a change that came between two halves of it would be lost.
 */
export async function noteWindow(poll: Poll): Promise<ChangesRead> {
  const { ledger, shadow } = poll.memory;
  const columns = watchedColumns(poll.context.trigger.watch, poll.context.table);
  const { fresh, place, more } = await readFresh(poll, columns);
  for (const facts of fresh) {
    shadow.observe(facts);
    ledger.note(facts);
  }
  return { items: [], place, more };
}

/**
 * The latest version of each row in the window that was not seen before this poll. A row that changes again
 * while the poll reads is one change, so that a repeated poll, which finds only the end of it, tells the same.
 */
export async function readFresh(poll: Poll, columns: readonly Column[], budget?: Budget): Promise<FreshRead> {
  const { context, request, strategy, memory, overlapMs, deadLetters } = poll;
  const { place } = memory;
  const { reader, table } = context;
  const fresh = new Map<string, RowFacts>();
  const read = await readWindow({
    reader,
    key: table.key,
    select: selectFacts(table, columns),
    filter: request.filter,
    start: startOf(place),
    startedMs: place.sweep?.startedMs,
    query: (at) => strategy.query(place, at, table.key),
    position: (facts) => positionOf(place, facts),
    ...(budget === undefined ? {} : { budget }),
    take(facts) {
      const known = fresh.get(facts.id);
      if (memory.ledger.has(facts) || (known !== undefined && known.version >= facts.version)) return false;
      fresh.delete(facts.id);
      fresh.set(facts.id, facts);
      return true;
    },
    setAside: (row) => deadLetters.add(row),
  });
  const { stoppedAt, startedMs, endedMs } = read;
  const reached =
    stoppedAt === undefined
      ? strategy.advance(place, read, overlapMs)
      : { ...place, sweep: { startedMs, at: stoppedAt } };
  return { fresh: fresh.values(), place: reached, more: stoppedAt !== undefined, endedMs };
}
