import type { CheckpointContent } from './checkpoint.ts';
import type { Feed, FeedSubscription } from './feed.ts';
import type { FeedHead } from './feed-head.ts';
import type { LoggedEntry } from './feed-log.ts';
import { findMatching, findRowsById } from './find-existing.ts';
import { type Judgment, MatchingRows, maxMatchingRows } from './matching-rows.ts';
import { Membership } from './membership.ts';
import { toEntry } from './read-changes.ts';
import { normalizeGuid, type RowFacts, wireNamesOf } from './row-facts.ts';
import type { SelectedChange } from './select-changes.ts';
import { WriteBuffer } from './write-buffer.ts';

/** What the log had for a subscription. */
export interface LogStep {
  readonly entries: readonly LoggedEntry[];
  /** The changes that it reports, and the ids of those that its filter judged. */
  readonly selected: readonly SelectedChange[];
  readonly judgedIds: ReadonlySet<string>;
  /** The place after the step. */
  readonly place: CheckpointContent;
  readonly hasMore: boolean;
}

/** The subscription, the head that its feed has, and the place before the step. */
export interface EvaluationContext {
  readonly feed: Feed;
  readonly head: FeedHead;
  readonly subscription: FeedSubscription;
  readonly place: CheckpointContent;
}

/** Rows that came to match or left without a change, and the time up to which the filter is evaluated. */
export interface EvaluationResult {
  readonly changes: readonly SelectedChange[];
  readonly evaluatedMs: number | undefined;
}

/**
 * Evaluates a filter on related rows or on the clock again, after each slow check of the feed: a row can come to match it,
 * or leave it, without a change of its own. The first evaluation, at the activation, reports nothing.
 */
export async function reevaluateFilter(context: EvaluationContext, step: LogStep): Promise<EvaluationResult> {
  const { feed, head, subscription, place } = context;
  const { evaluatedMs } = place;
  const { filter, isReevaluated } = subscription;
  if (filter === undefined || isReevaluated !== true) return { changes: [], evaluatedMs };
  const buffer = new WriteBuffer(feed.services.store);
  const rows = new MatchingRows(feed, place, buffer);
  await rows.load();
  const judgment = await judgeStep(feed, filter, step);
  const isDue = evaluatedMs === undefined || (!step.hasMore && head.checkedAtMs > evaluatedMs);
  rows.judge(step.place.offset, judgment);
  const changes = isDue ? await evaluate(context, rows, judgment) : [];
  if (!buffer.isEmpty) await buffer.commit();
  return { changes, evaluatedMs: isDue ? head.readAtMs : evaluatedMs };
}

/** How the filter judges the rows that changed, also those whose change is not reported. */
async function judgeStep(
  feed: Feed,
  filter: string,
  { entries, selected, judgedIds }: LogStep,
): Promise<Judgment> {
  const changed = entries.flatMap(({ entry }) => (entry.kind === 'changed' ? [entry.id] : []));
  const reported = selected.filter(({ change }) => change === 'created' || change === 'updated');
  const found = await findMatching(
    feed,
    filter,
    changed.filter((id) => !judgedIds.has(id)),
  );
  const matching = new Set([...reported.map(({ entry }) => entry.id), ...found.keys()]);
  return { matching, others: new Set(changed.filter((id) => !matching.has(id))) };
}

async function evaluate(
  context: EvaluationContext,
  rows: MatchingRows,
  judgment: Judgment,
): Promise<readonly SelectedChange[]> {
  const { feed, head, subscription } = context;
  const { filter = '', trigger } = subscription;
  const present = await readMatchingIds(feed, filter);
  if (present === undefined) {
    const fields = { trigger: trigger.id, table: feed.table.name, maxRows: maxMatchingRows };
    feed.services.log({ level: 'warn', event: 'feed.filter-too-wide', fields });
    rows.replace(head.readAtMs, undefined);
    return [];
  }
  const known = rows.known(judgment);
  const added = known === undefined ? [] : [...present].filter((id) => !known.has(id));
  const entered = [...(await findMatching(feed, filter, added)).values()].filter(wasRead(head));
  const enteredIds = new Set(entered.map(({ id }) => id));
  const unconfirmed = new Set(added.filter((id) => !enteredIds.has(id)));
  rows.replace(
    head.readAtMs,
    [...present].filter((id) => !unconfirmed.has(id)),
  );
  const gone = [...(known ?? [])].filter((id) => !present.has(id));
  return await reportEvaluated(context, { entered, gone });
}

/** A row that changed after the read of the head is left to the log. */
function wasRead({ highestVersion }: FeedHead): (facts: RowFacts) => boolean {
  return ({ version }) => version <= highestVersion;
}

async function reportEvaluated(
  { feed, head, subscription, place }: EvaluationContext,
  { entered, gone }: { readonly entered: readonly RowFacts[]; readonly gone: readonly string[] },
): Promise<readonly SelectedChange[]> {
  const { changes, columns } = subscription.trigger.watch;
  const toChange = (change: 'updated' | 'left') => (facts: RowFacts) => ({
    change,
    epoch: head.epoch,
    sequence: head.sequence,
    dueMs: 0,
    evaluatedAfterMs: place.evaluatedMs,
    entry: toEntry(facts, { isNew: false, changedColumns: [], uncertainColumns: [], atMs: head.readAtMs }),
  });
  // No watched column of these rows changed.
  const updated = changes.includes('updated') && columns.length === 0 ? entered.map(toChange('updated')) : [];
  if (!changes.includes('left')) return updated;
  const buffer = new WriteBuffer(feed.services.store);
  const membership = new Membership(feed, place, buffer);
  const left = (await findRowsById(feed, gone, wireNamesOf(feed.table))).filter(wasRead(head));
  await membership.load([...updated.map(({ entry }) => entry.id), ...left.map(({ id }) => id)]);
  for (const { entry } of updated) membership.enter(entry.id, head.sequence);
  const reportedLeft = left.filter(({ id }) => membership.leave(id, head.sequence)).map(toChange('left'));
  if (!buffer.isEmpty) await buffer.commit();
  return [...updated, ...reportedLeft];
}

/** The ids of all rows that match now; undefined if there are too many. */
async function readMatchingIds(
  { reader, table }: Feed,
  filter: string,
): Promise<ReadonlySet<string> | undefined> {
  const ids = new Set<string>();
  let page = await reader.read({ filter, select: [table.key], pageSize: maxMatchingRows });
  for (;;) {
    for (const row of page.rows) {
      const id = normalizeGuid(row[table.key]);
      if (id !== undefined) ids.add(id);
    }
    if (ids.size > maxMatchingRows) return undefined;
    if (page.nextLink === undefined) return ids;
    if (ids.size === maxMatchingRows) return undefined;
    page = await reader.next(page.nextLink);
  }
}
