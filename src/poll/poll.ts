import type { Budget } from './budget.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Memory } from './memory.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { Strategy } from './strategy.ts';

/** One poll under way: everything that its parts share. */
export interface Poll {
  readonly context: PollContext;
  readonly request: PollRequest;
  readonly strategy: Strategy;
  readonly overlapMs: number;
  readonly budget: Budget;
  /** What was known when it began; its ledger and shadow learn as rows are read. */
  readonly memory: Memory;
  readonly deadLetters: DeadLetters;
}
