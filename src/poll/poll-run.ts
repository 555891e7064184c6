import type { DeadLetters } from './dead-letters.ts';
import type { PollBudget } from './poll-budget.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { Strategy } from './strategy.ts';
import type { TriggerState } from './trigger-state.ts';

/** A poll in progress. */
export interface PollRun {
  readonly context: PollContext;
  readonly request: PollRequest;
  readonly strategy: Strategy;
  readonly overlapMs: number;
  readonly budget: PollBudget;
  /** The state at the start. Reading rows adds to its `seenVersions` and `columnFingerprints`. */
  readonly state: TriggerState;
  readonly deadLetters: DeadLetters;
}
