import type { PollItem } from '../../model/plan.ts';
import { createAnnouncer } from './announce.ts';
import type { Poll } from './poll.ts';
import { readWindow, type WindowReading } from './read-window.ts';
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
  const { context, request, strategy, memory, overlapMs, budget } = poll;
  const { place, ledger, shadow } = memory;
  const announce = createAnnouncer(context, request);
  const items: PollItem[] = [];
  const take = (facts: RowFacts): boolean => {
    if (ledger.has(facts)) return false;
    const change = strategy.classify(facts, place, ledger);
    const item = announce({ facts, change, sight: shadow.observe(facts) });
    if (item !== undefined) items.push(item);
    ledger.note(facts);
    return true;
  };
  const select = context.table.columns.map(({ wire }) => wire);
  const read = await readWindow(place, { ...readingOf(poll, select), budget, take });
  if ('stopped' in read) return { items, place: read.stopped, more: true };
  return { items, place: strategy.advance(place, read.sweep, overlapMs), more: false };
}

/**
 * Notes what the window holds when a trigger begins, and reports nothing. It reads to the end, whatever the
 * limits: a change that came between two halves of it would be lost.
 */
export async function noteWindow(poll: Poll): Promise<ChangesRead> {
  const { context, strategy, memory, overlapMs } = poll;
  const { place, ledger, shadow } = memory;
  const take = (facts: RowFacts): boolean => {
    shadow.observe(facts);
    ledger.note(facts);
    return true;
  };
  const watched = watchedColumns(context.trigger.watch, context.table);
  const reading = readingOf(
    poll,
    watched.map(({ wire }) => wire),
  );
  const read = await readWindow(place, { ...reading, take });
  if ('stopped' in read) return { items: [], place: read.stopped, more: true };
  return { items: [], place: strategy.advance(place, read.sweep, overlapMs), more: false };
}

function readingOf(
  { context, request, strategy, deadLetters }: Poll,
  columns: readonly string[],
): Omit<WindowReading, 'take' | 'budget'> {
  const { reader, table } = context;
  return {
    reader,
    key: table.key,
    select: [...new Set([table.key, ...FACT_COLUMNS, ...columns])],
    filter: request.filter,
    query: strategy.query,
    setAside: (row) => deadLetters.add(row),
  };
}
