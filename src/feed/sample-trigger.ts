import type { PollItem } from '../model/plan.ts';
import { compileRowShaper, type RowShaper } from '../run/codec/shape-row.ts';
import { addCustomColumns } from './add-custom-columns.ts';
import { dueColumnOf, dueMsOf } from './due.ts';
import type { Feed, FeedSubscription } from './feed.ts';
import { type RowFacts, readFacts, selectFactColumns, wireNamesOf } from './row-facts.ts';
import { toDeletedItem, toDueItem, toItem } from './to-items.ts';

/**
 * Returns the newest rows that a trigger could report as items, so that a host can show what they look like. For a
 * trigger with `due`: the latest deadlines, passed or not. It uses no checkpoint and stores nothing.
 */
export async function sampleTrigger(
  feed: Pick<Feed, 'table' | 'reader'>,
  subscription: FeedSubscription,
  maxItems: number,
): Promise<readonly PollItem[]> {
  const { table, reader } = feed;
  const due = dueColumnOf(subscription.trigger.watch, table);
  const { filter } = subscription;
  const clauses = [filter && `(${filter})`, due && `${due} ne null`].filter((clause) => clause !== undefined);
  const { rows, serverTimeMs } = await reader.read({
    filter: clauses.length === 0 ? undefined : clauses.join(' and '),
    orderBy: `${orderColumn(subscription, due)} desc,${table.key} asc`,
    select: selectFactColumns(table, wireNamesOf(table)),
    pageSize: maxItems,
  });
  const shapeRow = compileRowShaper(table);
  const items = rows
    .slice(0, maxItems)
    .map((row) => readFacts(row, table.key))
    .filter((facts) => facts !== undefined)
    .map((facts) =>
      itemOf(facts, { table, trigger: subscription.trigger, due, shapeRow, nowMs: serverTimeMs }),
    );
  return await addCustomColumns(feed, subscription, items);
}

function orderColumn({ trigger }: FeedSubscription, due: string | undefined): string {
  return due ?? (trigger.watch.changes[0] === 'created' ? 'createdon' : 'modifiedon');
}

interface SampleContext extends Pick<Feed, 'table'>, Pick<FeedSubscription, 'trigger'> {
  /** Wire name of the column with the deadline. */
  readonly due: string | undefined;
  readonly shapeRow: RowShaper;
  readonly nowMs: number;
}

function itemOf(
  { version, ...facts }: RowFacts,
  { table, trigger, due, shapeRow, nowMs }: SampleContext,
): PollItem {
  const change = trigger.watch.changes[0] ?? 'updated';
  const position = { epoch: 0, sequence: 0 };
  const source = { ...position, entry: { ...facts, version: String(version) } };
  if (change === 'deleted') {
    const entry = { id: facts.id, atMs: nowMs };
    return toDeletedItem(trigger.id, table, { ...position, entry });
  }
  if (due !== undefined) return toDueItem(trigger.id, shapeRow, source, dueMsOf(facts.row, due) ?? nowMs);
  return toItem(trigger.id, shapeRow, source, change === 'created' ? 'created' : 'updated');
}
