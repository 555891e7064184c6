import type { PollItem } from '../../model/plan.ts';
import { toDeletedItem, toItem } from './announce.ts';
import type { PollContext } from './poll-context.ts';
import { FACT_COLUMNS, readFacts } from './row-facts.ts';

/**
 * The `most` newest rows that a trigger could have reported, for a host that wants to see what its items look
 * like. Touches neither checkpoint nor memory. `filter` is the trigger's `where`, rendered.
 */
export async function sampleTrigger(
  { trigger, table, reader }: Pick<PollContext, 'trigger' | 'table' | 'reader'>,
  most: number,
  filter?: string,
): Promise<readonly PollItem[]> {
  const change = trigger.watch.changes[0] ?? 'updated';
  const column = change === 'created' ? 'createdon' : 'modifiedon';
  const { rows, serverTimeMs } = await reader.read({
    ...(filter === undefined ? {} : { filter }),
    orderBy: `${column} desc,${table.key} asc`,
    select: [...new Set([table.key, ...FACT_COLUMNS, ...table.columns.map(({ wire }) => wire)])],
    pageSize: most,
  });
  return rows
    .slice(0, most)
    .map((row) => readFacts(row, table.key))
    .filter((facts) => facts !== undefined)
    .map((facts) =>
      change === 'deleted'
        ? toDeletedItem(trigger.id, table, { id: facts.id, atMs: serverTimeMs })
        : toItem(trigger.id, table, { facts, change }),
    );
}
