import type { PollItem } from '../model/plan.ts';
import { dueColumn, dueMsOf } from './due.ts';
import type { PollContext } from './poll-context.ts';
import { type RowFacts, readFacts, selectFactColumns } from './row-facts.ts';
import { toDeletedItem, toDueItem, toItem } from './to-items.ts';

type SampleContext = Pick<PollContext, 'trigger' | 'table' | 'reader'>;

/**
 * Returns the newest rows that a trigger could report as items, so that a host can show what they look like. For a
 * trigger with `due`: the latest deadlines, passed or not. It uses no checkpoint and stores nothing.
 *
 * @param filter the trigger's `where`, rendered
 */
export async function sampleTrigger(
  context: SampleContext,
  maxItems: number,
  filter?: string,
): Promise<readonly PollItem[]> {
  const { trigger, table, reader } = context;
  const column = orderColumn(context);
  const clauses = [filter && `(${filter})`, trigger.watch.due && `${column} ne null`].filter(isPresent);
  const { rows, serverTimeMs } = await reader.read({
    ...(clauses.length === 0 ? {} : { filter: clauses.join(' and ') }),
    orderBy: `${column} desc,${table.key} asc`,
    select: selectFactColumns(table, table.columns),
    pageSize: maxItems,
  });
  return rows
    .slice(0, maxItems)
    .map((row) => readFacts(row, table.key))
    .filter((facts) => facts !== undefined)
    .map((facts) => itemOf(facts, context, serverTimeMs));
}

function isPresent(clause: string | undefined): clause is string {
  return clause !== undefined;
}

function orderColumn(context: SampleContext): string {
  const [change] = context.trigger.watch.changes;
  if (change === 'due') return dueColumn(context);
  return change === 'created' ? 'createdon' : 'modifiedon';
}

function itemOf(facts: RowFacts, context: SampleContext, nowMs: number): PollItem {
  const { trigger, table } = context;
  const change = trigger.watch.changes[0] ?? 'updated';
  if (change === 'deleted') return toDeletedItem(trigger.id, table, { id: facts.id, atMs: nowMs });
  if (change !== 'due') return toItem(trigger.id, table, { facts, change });
  return toDueItem(trigger.id, table, { facts, atMs: dueMsOf(facts.row, dueColumn(context)) ?? nowMs });
}
