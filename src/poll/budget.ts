import type { Clock } from '../model/world.ts';
import type { PollLimits } from './poll-context.ts';

const DEFAULTS: PollLimits = { pages: 50, rows: 10_000, ms: 30_000, pageSize: 1000 };

/** What one poll may still read. Whoever reads decides when it is safe to stop. */
export interface Budget {
  readonly pageSize: number;
  /** Counts one page. */
  spend(rows: number): void;
  isSpent(): boolean;
}

/** A poll's budget, from now on. */
export function startBudget(limits: Partial<PollLimits>, clock: Pick<Clock, 'now'>): Budget {
  const most = { ...DEFAULTS, ...limits };
  const startedAt = clock.now();
  let pages = 0;
  let rows = 0;
  return {
    pageSize: Math.min(most.pageSize, most.rows),
    spend(read) {
      pages += 1;
      rows += read;
    },
    isSpent: () => pages >= most.pages || rows >= most.rows || clock.now() - startedAt >= most.ms,
  };
}
