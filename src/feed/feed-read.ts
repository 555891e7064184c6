import type { DeadLetters } from './dead-letters.ts';
import type { Feed, FeedNeeds, Retention } from './feed.ts';
import type { FeedHead } from './feed-head.ts';
import type { PollBudget } from './poll-budget.ts';
import type { RecentRow } from './recent-rows.ts';
import { wireNamesOf } from './row-facts.ts';
import type { RowRecords } from './row-records.ts';
import type { TimedReader } from './server-time.ts';
import type { Strategy } from './strategy.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** The wire names of the columns that entries of the log have: those of every table whose subscriptions ever read it. */
export function loggedColumns({ feed, needs }: Pick<FeedRead, 'feed' | 'needs'>): readonly string[] {
  return [...new Set([...wireNamesOf(feed.table), ...needs.logged, ...needs.columns])];
}

/** A read of a feed in progress. */
export interface FeedRead {
  readonly feed: Feed & { readonly reader: TimedReader };
  /** The head at the start. */
  readonly head: FeedHead;
  readonly needs: FeedNeeds;
  readonly strategy: Strategy;
  readonly overlapMs: number;
  readonly retention: Retention;
  readonly budget: PollBudget;
  readonly records: RowRecords;
  /** The rows that the read has recorded so far. */
  readonly recorded: RecentRow[];
  readonly deadLetters: DeadLetters;
  /** What the read writes, all at once, when it ends. */
  readonly buffer: WriteBuffer;
}
