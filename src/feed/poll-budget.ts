import type { Clock } from '../model/runtime-services.ts';
import type { ReadLimits } from './feed.ts';

const defaults: ReadLimits = { pages: 50, rows: 10_000, ms: 30_000, pageSize: 1000 };

/** How much one poll may still read. The reader decides where it can stop. */
export interface PollBudget {
  readonly pageSize: number;
  /** Counts one page. */
  spend(rows: number): void;
  isExhausted(): boolean;
}

/** Starts the budget of a poll. */
export function startPollBudget(limits: Partial<ReadLimits>, clock: Pick<Clock, 'now'>): PollBudget {
  const max = { ...defaults, ...limits };
  const startedAt = clock.now();
  let pages = 0;
  let rows = 0;
  return {
    pageSize: Math.min(max.pageSize, max.rows),
    spend(read) {
      pages += 1;
      rows += read;
    },
    isExhausted: () => pages >= max.pages || rows >= max.rows || clock.now() - startedAt >= max.ms,
  };
}
