import { ConnectorError } from '../errors/connector-error.ts';
import type { Checkpoint, PollItem, PollResult } from '../model/plan.ts';
import { compileRowShaper } from '../run/codec/shape-row.ts';
import { addCustomColumns } from './add-custom-columns.ts';
import { type CatchUpBatch, readCatchUp, startCatchUp } from './catch-up.ts';
import { type CheckpointContent, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Cursor } from './cursor.ts';
import { dueColumnOf } from './due.ts';
import type { Feed, FeedSubscription, ReadLimits } from './feed.ts';
import type { FeedHead } from './feed-head.ts';
import { type LoggedEntry, readLog } from './feed-log.ts';
import { countRowItems, defaultMaxRowItems, loopError } from './loop-guard.ts';
import { Membership } from './membership.ts';
import { withoutOwnWrites } from './own-writes.ts';
import { startPollBudget } from './poll-budget.ts';
import { type LogStep, reevaluateFilter } from './reevaluate-filter.ts';
import { ReportedDeadlines } from './reported-deadlines.ts';
import { applyFilter, type SelectedChange, selectLeaving, selectWatched } from './select-changes.ts';
import { type Strategy, standardStrategy } from './strategy.ts';
import { toDeletedItem, toDueItem, toItem } from './to-items.ts';
import { WriteBuffer } from './write-buffer.ts';

/** Options of one derivation. */
export interface DeriveOptions {
  /** Maximum number of entries of the log; 1,000 by default. If there are more, the result has `hasMore`. */
  readonly maxEntries?: number;
  /** Limits of the read of a catch-up. */
  readonly limits?: Partial<ReadLimits>;
  /** Maximum number of items of one row within a minute; 30 by default. With more, the next derivation fails. */
  readonly maxRowItems?: number;
  /** Continues after LOOP_DETECTED. */
  readonly resume?: boolean;
}

const defaultMaxEntries = 1000;

/**
 * Returns what the log of a feed has for a subscription since its checkpoint. Without a checkpoint it activates the
 * subscription: it returns no items, or with `from` those since then. The same checkpoint gives the same items with the
 * same ids, whatever was derived since; a host that saves the new checkpoint after delivery loses nothing.
 *
 * @throws LOOP_DETECTED if one row was reported too often; CHECKPOINT_INVALID, INPUT_INVALID for an invalid `from`, and the errors of the requests and of the store
 */
export async function deriveItems(
  feed: Feed,
  head: FeedHead,
  subscription: FeedSubscription,
  checkpoint: Checkpoint | undefined,
  options: DeriveOptions = {},
  strategy: Strategy = standardStrategy,
): Promise<PollResult> {
  const { trigger, params } = subscription;
  const derivation: Derivation = { feed, head, subscription, strategy, options };
  const start =
    checkpoint === undefined
      ? activate(feed, head, subscription)
      : resume(derivation, readRunning(subscription, checkpoint, options));
  const { place, step } = await takeFirstStep(derivation, start);
  const { selected, judgedIds } = await selectReported(derivation, place, step.entries);
  const context = { feed, head, subscription, place };
  const { changes, evaluatedMs } = await reevaluateFilter(context, { ...step, selected, judgedIds });
  const next = { ...step.place, ...guardLoop(derivation, place, selected), evaluatedMs };
  const items = await toItems(derivation, [...selected, ...changes]);
  return { items, checkpoint: writeCheckpoint(trigger.id, params, next), hasMore: step.hasMore };
}

/** The place of a checkpoint. LOOP_DETECTED if one row was reported too often before it, unless it is resumed. */
export function readRunning(
  { trigger, params }: FeedSubscription,
  checkpoint: Checkpoint,
  { resume: isResumed }: Pick<DeriveOptions, 'resume'>,
): CheckpointContent {
  const place = readCheckpoint(trigger.id, params, checkpoint);
  if (isResumed === true) return { ...place, recentItems: undefined, loop: undefined };
  if (place.loop !== undefined) throw loopError(trigger.id, place.loop);
  return place;
}

function guardLoop(
  { options }: Derivation,
  { recentItems = {} }: CheckpointContent,
  selected: readonly SelectedChange[],
): Pick<CheckpointContent, 'recentItems' | 'loop'> {
  const reported = selected.flatMap(({ entry }) => (entry.kind === 'changed' ? [entry] : []));
  const counted = countRowItems(recentItems, reported, options.maxRowItems ?? defaultMaxRowItems);
  return { recentItems: counted.recent, loop: counted.loop };
}

interface Derivation {
  readonly feed: Feed;
  readonly head: FeedHead;
  readonly subscription: FeedSubscription;
  readonly strategy: Strategy;
  readonly options: DeriveOptions;
}

/** The entries of a derivation, and the place after it. */
interface DerivationStep {
  readonly entries: readonly LoggedEntry[];
  readonly place: CheckpointContent;
  readonly hasMore: boolean;
}

function activate(feed: Feed, head: FeedHead, { trigger, from }: FeedSubscription): CheckpointContent {
  const startMs = from === undefined ? head.readAtMs : from === 'beginning' ? 0 : Date.parse(from);
  if (!(startMs >= 0)) {
    throw new ConnectorError('INPUT_INVALID', `${trigger.id}: "from" must be a date or "beginning".`, {
      operation: trigger.id,
    });
  }
  const isQuiet = from === undefined;
  return {
    activationId: feed.services.uuid(),
    feedKey: feed.key,
    feedId: head.id,
    epoch: head.epoch,
    offset: head.sequence,
    activatedMs: startMs,
    since: placeInTime(head),
    isActivating: isQuiet && head.cursor?.windowRead !== undefined,
    catchUp: isQuiet ? undefined : startCatchUp(head, { readFromMs: startMs, newSinceMs: startMs }, startMs),
  };
}

/** The place of a checkpoint. If the log does not reach back to it, the changes since then are read again. */
function resume(derivation: Derivation, place: CheckpointContent): CheckpointContent {
  const { head } = derivation;
  const isInLog =
    place.feedId === head.id && place.offset >= head.prunedThrough && place.offset <= head.sequence;
  return isInLog ? place : toCatchUp(derivation, place);
}

/** The place from which the changes since a checkpoint are read again, up to the head. */
function toCatchUp(
  { feed, head, subscription: { trigger } }: Derivation,
  place: CheckpointContent,
): CheckpointContent {
  // Versions from before a restore say nothing.
  const since = place.epoch === head.epoch ? place.since : { ...place.since, version: undefined };
  const fields = { trigger: trigger.id, table: feed.table.name };
  feed.services.log({ level: 'warn', event: 'feed.catch-up', fields });
  return {
    ...place,
    feedKey: feed.key,
    feedId: head.id,
    epoch: head.epoch,
    offset: head.sequence,
    catchUp: startCatchUp(head, since, Math.max(since.readFromMs, place.activatedMs)),
  };
}

/** A step from a place. If the next entry is missing in the log, the changes since then are read again. */
async function takeFirstStep(
  derivation: Derivation,
  start: CheckpointContent,
): Promise<{ readonly place: CheckpointContent; readonly step: DerivationStep }> {
  const step = await takeStep(derivation, start);
  if (step !== undefined) return { place: start, step };
  return await takeFirstStep(derivation, toCatchUp(derivation, start));
}

/** The entries that follow a place; undefined if the next one is missing in the log. */
async function takeStep(
  derivation: Derivation,
  place: CheckpointContent,
): Promise<DerivationStep | undefined> {
  const { head } = derivation;
  if (place.isActivating) {
    const isActivating = head.cursor?.windowRead !== undefined;
    const next = { ...place, offset: head.sequence, since: placeInTime(head), isActivating };
    return { entries: [], place: next, hasMore: isActivating };
  }
  if (place.catchUp === undefined) return await readLogStep(derivation, place);
  const caught = await readCatchUpStep(derivation, place.catchUp);
  const entries = caught.entries.map((entry) => ({ epoch: place.epoch, sequence: place.offset, entry }));
  const next = { ...place, catchUp: caught.next };
  if (caught.next !== undefined) return { entries, place: next, hasMore: true };
  const log = await readLogStep(derivation, next);
  if (log === undefined) return { entries, place: next, hasMore: true };
  return { ...log, entries: [...entries, ...log.entries] };
}

async function readCatchUpStep(
  { feed, subscription, strategy, options }: Derivation,
  position: NonNullable<CheckpointContent['catchUp']>,
): Promise<CatchUpBatch> {
  const { watch } = subscription.trigger;
  // Deletions of a time that is not in the log cannot be read.
  if (watch.changes.every((change) => change === 'deleted')) return { entries: [], next: undefined };
  return await readCatchUp(position, {
    feed,
    dueColumn: dueColumnOf(watch, feed.table),
    strategy,
    budget: startPollBudget(options.limits ?? {}, feed.services.clock),
  });
}

async function readLogStep(
  { feed, head, options }: Derivation,
  place: CheckpointContent,
): Promise<DerivationStep | undefined> {
  const { maxEntries = defaultMaxEntries } = options;
  const { entries, readTo, hasMore, isMissing } =
    place.offset === head.sequence
      ? { entries: [], readTo: place.offset, hasMore: false, isMissing: false }
      : await readLog(feed, place.offset, { maxEntries, head: head.sequence });
  if (isMissing && readTo === place.offset) return undefined;
  const since = readTo >= head.sequence ? placeInTime(head) : place.since;
  return { entries, place: { ...place, epoch: head.epoch, offset: readTo, since }, hasMore };
}

/** Everything before this place is in the log up to the head. */
function placeInTime({ cursor, readAtMs }: FeedHead): Cursor {
  if (cursor === undefined) return { readFromMs: readAtMs, newSinceMs: readAtMs };
  const { readFromMs, newSinceMs, version } = cursor;
  return { readFromMs, newSinceMs, version };
}

async function selectReported(
  { feed, subscription, strategy }: Derivation,
  place: CheckpointContent,
  entries: readonly LoggedEntry[],
): Promise<Pick<LogStep, 'selected' | 'judgedIds'>> {
  const { activatedMs } = place;
  const others = await withoutOwnWrites(feed, subscription, { logged: entries, strategy });
  const watched = selectWatched(feed, subscription, others, { activatedMs, strategy });
  const { matching } = await applyFilter(feed, subscription.filter, watched);
  const unreported = await withoutReportedDeadlines(feed, place, { watched, matching });
  const selected = await withLeavingRows({ feed, subscription }, place, { logged: others, unreported });
  return { selected, judgedIds: new Set(watched.map(({ entry }) => entry.id)) };
}

async function toItems(
  { feed, subscription }: Derivation,
  reported: readonly SelectedChange[],
): Promise<readonly PollItem[]> {
  const { id } = subscription.trigger;
  const shapeRow = compileRowShaper(feed.table);
  const items = reported.map((selected) => {
    if (selected.change === 'deleted') return toDeletedItem(id, feed.table, selected);
    if (selected.change === 'due') return toDueItem(id, shapeRow, selected, selected.dueMs);
    const item = toItem(id, shapeRow, selected, selected.change);
    return selected.isUncertain ? { ...item, uncertain: true as const } : item;
  });
  return await addCustomColumns(feed, subscription, items);
}

/** Adds the reported rows that no longer match the filter, in the order of the log. */
async function withLeavingRows(
  { feed, subscription }: Pick<Derivation, 'feed' | 'subscription'>,
  place: CheckpointContent,
  {
    logged,
    unreported,
  }: { readonly logged: readonly LoggedEntry[]; readonly unreported: readonly SelectedChange[] },
): Promise<readonly SelectedChange[]> {
  if (!subscription.trigger.watch.changes.includes('left')) return unreported;
  const changed = selectLeaving(subscription, logged);
  const { others } = await applyFilter(feed, subscription.filter, changed);
  const buffer = new WriteBuffer(feed.services.store);
  const membership = new Membership(feed, place, buffer);
  await membership.load(changed.map(({ entry }) => entry.id));
  const ordered = [...unreported, ...others].sort((a, b) => a.sequence - b.sequence);
  const reported = ordered.filter(({ change, entry, sequence }) => {
    if (change === 'left') return membership.leave(entry.id, sequence);
    membership.enter(entry.id, sequence);
    return true;
  });
  if (!buffer.isEmpty) await buffer.commit();
  return reported;
}

async function withoutReportedDeadlines(
  feed: Feed,
  place: CheckpointContent,
  { watched, matching }: Readonly<Record<'watched' | 'matching', readonly SelectedChange[]>>,
): Promise<readonly SelectedChange[]> {
  if (!watched.some(({ change }) => change === 'due')) return matching;
  const buffer = new WriteBuffer(feed.services.store);
  const reported = new ReportedDeadlines(feed, place, buffer);
  await reported.load(watched.map(({ entry }) => entry.id));
  const unreported = matching.filter(
    (each) => each.change !== 'due' || reported.add(each.entry.id, each.dueMs, each.sequence),
  );
  if (!buffer.isEmpty) await buffer.commit();
  return unreported;
}
