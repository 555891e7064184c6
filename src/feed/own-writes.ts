import type { Table } from '../model/table.ts';
import { comparedColumns, type FeedSubscription } from './feed.ts';
import type { LoggedEntry } from './feed-log.ts';
import type { Strategy } from './strategy.ts';

/** Leaves out the changes that are only our own. A deadline has no author, so it stays. */
export async function withoutOwnWrites(
  { table }: { readonly table: Table },
  subscription: FeedSubscription,
  { logged, strategy }: { readonly logged: readonly LoggedEntry[]; readonly strategy: Strategy },
): Promise<readonly LoggedEntry[]> {
  const { ownWrites, trigger } = subscription;
  const changed = logged.flatMap(({ entry }) => (entry.kind === 'changed' ? [entry.id] : []));
  if (ownWrites === undefined || trigger.watch.due !== undefined || changed.length === 0) return logged;
  const columns = comparedColumns(subscription, table);
  const writes = await ownWrites.memory.find(changed);
  return logged.filter(({ entry }) => {
    const ours = entry.kind === 'changed' ? writes.get(entry.id) : undefined;
    if (entry.kind !== 'changed' || ours === undefined) return true;
    return !strategy.isOwnChange(entry, { columns, writes: ours, userId: ownWrites.userId });
  });
}
