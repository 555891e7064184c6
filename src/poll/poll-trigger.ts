import type { PollResult } from '../model/plan.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Cursor } from './cursor.ts';
import { DeadLetters } from './dead-letters.ts';
import { initialCursor } from './initial-cursor.ts';
import { deleteUnusedIdLists } from './known-ids.ts';
import { startPollBudget } from './poll-budget.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import type { PollRun } from './poll-run.ts';
import { type ChangeBatch, readChanges, recordWindow } from './read-changes.ts';
import { type DeletionBatch, readDeletions } from './read-deletions.ts';
import { readDue } from './read-due.ts';
import { type Strategy, standardStrategy } from './strategy.ts';
import { toDeletedItem } from './to-items.ts';
import { createTriggerState, loadState, saveState, type TriggerState } from './trigger-state.ts';

const defaultOverlapMs = 600_000;
/** Dataverse ends a transaction after two minutes; with less overlap, late commits would be lost. */
const minOverlapMs = 180_000;
/** The cursor of a trigger that watches deletions only: those have delta links. */
const emptyCursor: Cursor = { readFromMs: 0, newSinceMs: 0 };

/**
 * Returns the changes since the checkpoint. The host delivers the items, then saves the new checkpoint. If it does not
 * save it, the next poll returns the same items with the same ids. A first poll without `from` returns no items.
 */
export async function pollTrigger(
  context: PollContext,
  request: PollRequest,
  strategy: Strategy = standardStrategy,
): Promise<PollResult> {
  const { trigger, table } = context;
  const poll = await startPoll(context, request, strategy);
  const changes = await pollChanges(poll);
  const deletionsRead = await pollDeletions(poll);
  poll.deadLetters.report();

  const { deletionState } = deletionsRead;
  const nextState: TriggerState = {
    ...poll.state,
    cursor: changes.cursor,
    ...(deletionState === undefined ? {} : { deletionState }),
  };
  const stateName = await saveState(context, nextState, poll.state);
  if (deletionState?.knownIds?.lists !== poll.state.deletionState?.knownIds?.lists) {
    await deleteUnusedIdLists(context, nextState.activationId);
  }
  const { activationId, cursor } = nextState;
  return {
    items: [
      ...changes.items,
      ...deletionsRead.deleted.map((deleted) => toDeletedItem(trigger.id, table, deleted)),
    ],
    checkpoint: writeCheckpoint(trigger.id, request.params, { activationId, stateName, cursor }),
    hasMore: changes.more || deletionsRead.more,
  };
}

async function startPoll(context: PollContext, request: PollRequest, strategy: Strategy): Promise<PollRun> {
  const { params, checkpoint } = request;
  const overlapMs = Math.max(request.overlapMs ?? defaultOverlapMs, minOverlapMs);
  const budget = startPollBudget(request.limits ?? {}, context.services.clock);
  const state =
    checkpoint === undefined
      ? createTriggerState(
          context,
          watchesRows(context) ? await initialCursor(context, request, overlapMs) : emptyCursor,
        )
      : await loadState(context, readCheckpoint(context.trigger.id, params, checkpoint));
  const deadLetters = new DeadLetters(context, state.activationId);
  return { context, request, strategy, overlapMs, budget, state, deadLetters };
}

async function pollChanges(poll: PollRun): Promise<ChangeBatch> {
  const { context, request, state } = poll;
  const isQuiet = request.checkpoint === undefined && request.from === undefined;
  const nothing = { items: [], cursor: state.cursor, more: false };
  if (!watchesRows(context)) return nothing;
  if (context.trigger.watch.due !== undefined) return isQuiet ? nothing : await readDue(poll);
  return isQuiet ? await recordWindow(poll) : await readChanges(poll);
}

async function pollDeletions(poll: PollRun): Promise<OptionalDeletionBatch> {
  const isWatched = poll.context.trigger.watch.changes.includes('deleted');
  return isWatched ? await readDeletions(poll) : { deleted: [], more: false };
}

type OptionalDeletionBatch = Omit<DeletionBatch, 'deletionState'> & Partial<DeletionBatch>;

function watchesRows({ trigger }: PollContext): boolean {
  return trigger.watch.changes.some((change) => change !== 'deleted');
}
