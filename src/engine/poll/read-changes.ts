import type { PollItem } from '../../model/plan.ts';
import { createAnnouncer } from './announce.ts';
import type { Budget } from './budget.ts';
import type { Poll } from './poll.ts';
import { readWindow } from './read-window.ts';
import { FACT_COLUMNS, type RowFacts } from './row-facts.ts';
import { watchedColumns } from './shadow.ts';
import type { Place } from './window.ts';

/** The events among the rows that were read, and the place to go on from. */
export interface ChangesRead {
  readonly items: readonly PollItem[];
  readonly place: Place;
  /** A limit stopped the read; there is more. */
  readonly more: boolean;
}

/** The rows that changed since the place of this poll, and were not seen before. */
export async function readChanges(poll: Poll): Promise<ChangesRead> {
  const { context, request, strategy, memory, budget } = poll;
  const { place, ledger, shadow } = memory;
  const announce = createAnnouncer(context, request);
  const columns = context.table.columns.map(({ wire }) => wire);
  const { fresh, ...read } = await readFresh(poll, columns, budget);
  const items: PollItem[] = [];
  for (const facts of fresh) {
    const change = strategy.classify(facts, place, ledger);
    const item = announce({ facts, change, sight: shadow.observe(facts) });
    if (item !== undefined) items.push(item);
    ledger.note(facts);
  }
  return { items, ...read };
}

/**
 * Notes what the window holds when a trigger begins, and reports nothing. It reads to the end, whatever the
 * limits: a change that came between two halves of it would be lost.
 */
export async function noteWindow(poll: Poll): Promise<ChangesRead> {
  const { ledger, shadow } = poll.memory;
  const columns = watchedColumns(poll.context.trigger.watch, poll.context.table);
  const { fresh, ...read } = await readFresh(
    poll,
    columns.map(({ wire }) => wire),
  );
  for (const facts of fresh) {
    shadow.observe(facts);
    ledger.note(facts);
  }
  return { items: [], ...read };
}

/**
 * The latest version of each row in the window that was not seen before this poll. A row that changes again
 * while the poll reads is one change, so that a repeated poll, which finds only the end of it, tells the same.
 */
async function readFresh(
  poll: Poll,
  columns: readonly string[],
  budget?: Budget,
): Promise<{ fresh: Iterable<RowFacts>; place: Place; more: boolean }> {
  const { context, request, strategy, memory, overlapMs, deadLetters } = poll;
  const { reader, table } = context;
  const fresh = new Map<string, RowFacts>();
  const read = await readWindow(memory.place, {
    reader,
    key: table.key,
    select: [...new Set([table.key, ...FACT_COLUMNS, ...columns])],
    filter: request.filter,
    query: strategy.query,
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
  if ('stopped' in read) return { fresh: fresh.values(), place: read.stopped, more: true };
  const place = strategy.advance(memory.place, read.sweep, overlapMs);
  return { fresh: fresh.values(), place, more: false };
}
