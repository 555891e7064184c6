import type { DeadLetters } from './dead-letters.ts';
import type { PollBudget } from './poll-budget.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { Strategy } from './strategy.ts';
import type { TriggerState } from './trigger-state.ts';

/** One poll under way: everything that its parts share. */
export interface PollRun {
  readonly context: PollContext;
  readonly request: PollRequest;
  readonly strategy: Strategy;
  readonly overlapMs: number;
  readonly budget: PollBudget;
  /** What was known when it began; its ledger and shadow learn as rows are read. */
  readonly state: TriggerState;
  readonly deadLetters: DeadLetters;
}
