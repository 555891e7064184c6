import type { PollResult } from '../model/plan.ts';
import { toDeletedItem } from './announce.ts';
import { startBudget } from './budget.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { DeadLetters } from './dead-letters.ts';
import { firstPlace } from './first-place.ts';
import { keep, type Memory, newMemory, recall } from './memory.ts';
import type { Poll } from './poll.ts';
import type { PollContext, PollRequest } from './poll-context.ts';
import { type ChangesRead, noteWindow, readChanges } from './read-changes.ts';
import { type DeletionsRead, readDeletions } from './read-deletions.ts';
import { readDue } from './read-due.ts';
import { dropUnusedLists } from './roster.ts';
import { type Strategy, standardStrategy } from './strategy.ts';
import type { Place } from './window.ts';

const OVERLAP_MS = 600_000;
/** Dataverse ends an operation after two minutes; with less overlap than that, late commits would be lost. */
const LEAST_OVERLAP_MS = 180_000;
/** Of a trigger on deletions alone: those have links of their own. */
const NO_PLACE: Place = { floorMs: 0, newSinceMs: 0 };

/**
 * What changed since the checkpoint. The host delivers the items, then keeps the new checkpoint: what it did
 * not keep did not happen, and comes again under the same ids. A first poll marks the place and reports
 * nothing, unless it is told where to start.
 */
export async function pollTrigger(
  context: PollContext,
  request: PollRequest,
  strategy: Strategy = standardStrategy,
): Promise<PollResult> {
  const { trigger, table } = context;
  const poll = await beginPoll(context, request, strategy);
  const changes = await changesOf(poll);
  const removals = await removalsOf(poll);
  poll.deadLetters.report();

  const { deletions } = removals;
  const learned: Memory = {
    ...poll.memory,
    place: changes.place,
    ...(deletions === undefined ? {} : { deletions }),
  };
  const memory = await keep(context, learned, poll.memory);
  if (deletions?.roster?.lists !== poll.memory.deletions?.roster?.lists) {
    await dropUnusedLists(context, learned.instance);
  }
  const { instance, place } = learned;
  return {
    items: [...changes.items, ...removals.gone.map((gone) => toDeletedItem(trigger.id, table, gone))],
    checkpoint: writeCheckpoint(trigger.id, request.params, { instance, memory, place }),
    more: changes.more || removals.more,
  };
}

async function beginPoll(context: PollContext, request: PollRequest, strategy: Strategy): Promise<Poll> {
  const { params, checkpoint } = request;
  const overlapMs = Math.max(request.overlapMs ?? OVERLAP_MS, LEAST_OVERLAP_MS);
  const budget = startBudget(request.limits ?? {}, context.world.clock);
  const memory =
    checkpoint === undefined
      ? newMemory(context, watchesRows(context) ? await firstPlace(context, request, overlapMs) : NO_PLACE)
      : await recall(context, readCheckpoint(context.trigger.id, params, checkpoint));
  const deadLetters = new DeadLetters(context, memory.instance);
  return { context, request, strategy, overlapMs, budget, memory, deadLetters };
}

async function changesOf(poll: Poll): Promise<ChangesRead> {
  const { context, request, memory } = poll;
  const isQuiet = request.checkpoint === undefined && request.from === undefined;
  const nothing = { items: [], place: memory.place, more: false };
  if (!watchesRows(context)) return nothing;
  if (context.trigger.watch.due !== undefined) return isQuiet ? nothing : await readDue(poll);
  return isQuiet ? await noteWindow(poll) : await readChanges(poll);
}

async function removalsOf(poll: Poll): Promise<Removals> {
  const isWatched = poll.context.trigger.watch.changes.includes('deleted');
  return isWatched ? await readDeletions(poll) : { gone: [], more: false };
}

type Removals = Omit<DeletionsRead, 'deletions'> & Partial<DeletionsRead>;

function watchesRows({ trigger }: PollContext): boolean {
  return trigger.watch.changes.some((change) => change !== 'deleted');
}
