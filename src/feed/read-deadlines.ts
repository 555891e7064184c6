import { dueMsOf } from './due.ts';
import type { DueEntry } from './feed-log.ts';
import { type FeedRead, loggedColumns } from './feed-read.ts';
import { readWindow } from './read-window.ts';
import { type RowFacts, selectFactColumns } from './row-facts.ts';

/** Rows whose deadline passed, and the time from which the next read reads the deadlines of each column. */
export interface DeadlineBatch {
  readonly entries: readonly DueEntry[];
  readonly dueFromMs: Readonly<Record<string, number>>;
  readonly hasMore: boolean;
}

/** Deadlines have second precision. */
const nextSecondMs = 1000;

/**
 * Reads the deadlines that passed since the last read, up to `untilMs`, for each watched column. A passing deadline
 * changes no row, so reading changes does not find it; a deadline that was set in the past is found by reading changes
 * only.
 */
export async function readDeadlines(read: FeedRead, untilMs: number): Promise<DeadlineBatch> {
  const entries: DueEntry[] = [];
  const dueFromMs: Record<string, number> = {};
  let hasMore = false;
  for (const column of read.needs.due) {
    const fromMs = read.head.dueFromMs[column] ?? untilMs + nextSecondMs;
    dueFromMs[column] = fromMs;
    if (hasMore || fromMs > untilMs) continue;
    const batch = await readColumn(read, column, { fromMs, untilMs });
    entries.push(...batch.entries);
    dueFromMs[column] = batch.stoppedAtMs ?? untilMs + nextSecondMs;
    hasMore = batch.stoppedAtMs !== undefined;
  }
  return { entries, dueFromMs, hasMore };
}

async function readColumn(
  read: FeedRead,
  column: string,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
) {
  const { feed, strategy, budget, deadLetters } = read;
  const { reader, table } = feed;
  const entries = new Map<string, DueEntry>();
  const { stoppedAt } = await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, loggedColumns(read)),
    start: BigInt(fromMs),
    query: (at) => strategy.dueQuery({ due: column, key: table.key }, Number(at), untilMs),
    position: ({ row }) => BigInt(dueMsOf(row, column) ?? 0),
    budget,
    async accept(page, atMs) {
      for (const facts of page) entries.set(facts.id, toDueEntry(facts, column, atMs));
      // The next read starts at the same second again, so this one must get past it.
      return false;
    },
    addDeadLetter: (row) => deadLetters.add(row),
  });
  return {
    entries: [...entries.values()],
    stoppedAtMs: stoppedAt === undefined ? undefined : Number(stoppedAt),
  };
}

export function toDueEntry({ version, ...facts }: RowFacts, column: string, atMs: number): DueEntry {
  return { kind: 'due', ...facts, version: String(version), column, atMs };
}
