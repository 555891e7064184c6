import type { StateStore } from 'dynamics365-connector';

/** What webhooks told of a feed since its last poll. */
export interface ReceivedWebhooks {
  /** Whether there was one: a check of the registration wakes polls, too. */
  readonly hasWebhook: boolean;
  /** Rows that may have been deleted: the poll confirms it. */
  readonly deletedIds: readonly string[];
}

/** More deletions at a time are left to change tracking, which reads all of them with one request. */
const maxDeletionHints = 25;

/** Stores what webhooks told, until the next poll of their feed. */
export async function storeReceived(
  store: StateStore,
  feed: string,
  deletedIds: readonly string[],
): Promise<void> {
  const { received, deleted } = keysOf(feed);
  const hints = deletedIds.length <= maxDeletionHints ? deletedIds : [];
  await store.writeMany(new Map([received, ...hints.map((id) => deleted + id)].map((key) => [key, ''])));
}

/** Returns what webhooks told, and removes it from the store. */
export async function takeReceived(
  store: Pick<StateStore, 'keys' | 'delete'>,
  feed: string,
): Promise<ReceivedWebhooks> {
  const { prefix, received, deleted } = keysOf(feed);
  const keys = await store.keys(prefix);
  for (const key of keys) await store.delete(key);
  const ids = keys.filter((key) => key.startsWith(deleted)).map((key) => key.slice(deleted.length));
  return { hasWebhook: keys.includes(received), deletedIds: ids.slice(0, maxDeletionHints) };
}

/** The name of a feed has slashes. */
function keysOf(feed: string) {
  const prefix = `push/received/${encodeURIComponent(feed)}/`;
  return { prefix, received: `${prefix}webhook`, deleted: `${prefix}deleted/` };
}
