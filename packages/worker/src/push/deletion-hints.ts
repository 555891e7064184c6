import type { StateStore } from 'dynamics365-connector';

/** More deletions at a time are left to change tracking, which reads all of them with one request. */
export const maxDeletionHints = 25;

/** Stores that webhooks told of deleted rows, until the next poll of their feed confirms them. */
export async function storeDeletionHints(
  store: StateStore,
  feed: string,
  ids: readonly string[],
): Promise<void> {
  const writes = new Map(ids.map((id) => [`${hintPrefix(feed)}${id}`, '']));
  if (writes.size > 0) await store.writeMany(writes);
}

/** Returns the ids of rows that may have been deleted, and removes them from the store. */
export async function takeDeletionHints(
  store: Pick<StateStore, 'keys' | 'delete'>,
  feed: string,
): Promise<readonly string[]> {
  const prefix = hintPrefix(feed);
  const keys = await store.keys(prefix);
  for (const key of keys) await store.delete(key);
  return keys.slice(0, maxDeletionHints).map((key) => key.slice(prefix.length));
}

/** The name of a feed has slashes. */
function hintPrefix(feed: string): string {
  return `push/deleted/${encodeURIComponent(feed)}/`;
}
