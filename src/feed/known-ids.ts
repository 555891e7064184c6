import type { KnownIds } from './deletion-state.ts';
import type { Feed } from './feed.ts';
import type { FeedRead } from './feed-read.ts';

/** Maximum number of changes before they are merged into a new list. */
const maxChanges = 20_000;

type ListAccess = Pick<FeedRead, 'feed' | 'buffer'>;

/** Saves a list of ids and returns its name. Lists never change. */
export function saveIdList({ feed, buffer }: ListAccess, ids: Iterable<string>): string {
  const name = feed.services.uuid();
  buffer.set(listKey(feed, name), [...ids].join('\n'));
  return name;
}

/** The ids of several lists; undefined if one of them does not exist. */
export async function readIdLists(
  { feed, buffer }: ListAccess,
  names: readonly string[],
): Promise<Set<string> | undefined> {
  const ids = new Set<string>();
  for (const name of names) {
    const list = await buffer.get(listKey(feed, name));
    if (list === undefined) return undefined;
    for (const id of list.split('\n')) if (id !== '') ids.add(id);
  }
  return ids;
}

/** All known ids; undefined if one of the lists does not exist. */
export async function readKnownIds(access: ListAccess, knownIds: KnownIds): Promise<Set<string> | undefined> {
  const ids = await readIdLists(access, knownIds.lists);
  for (const id of knownIds.added) ids?.add(id);
  for (const id of knownIds.removed) ids?.delete(id);
  return ids;
}

/** The known ids after rows were created or changed (`changedIds`) and deleted (`deletedIds`). */
export async function updateKnownIds(
  access: ListAccess,
  knownIds: KnownIds,
  {
    changedIds,
    deletedIds,
  }: { readonly changedIds: readonly string[]; readonly deletedIds: readonly string[] },
): Promise<KnownIds> {
  const added = new Set(knownIds.added);
  const removed = new Set(knownIds.removed);
  const isKnown = changedIds.every((id) => added.has(id)) && deletedIds.every((id) => removed.has(id));
  if (isKnown) return knownIds;
  for (const id of changedIds) {
    added.add(id);
    removed.delete(id);
  }
  for (const id of deletedIds) {
    added.delete(id);
    removed.add(id);
  }
  const updated = { lists: knownIds.lists, added: [...added], removed: [...removed] };
  if (added.size + removed.size <= maxChanges) return updated;
  const ids = await readKnownIds(access, updated);
  if (ids === undefined) return updated;
  return { lists: [saveIdList(access, ids)], added: [], removed: [] };
}

/** Deletes the lists that the state before used and the state after does not. */
export function deleteIdLists(
  { feed, buffer }: ListAccess,
  before: readonly string[],
  after: readonly string[],
): void {
  for (const name of before) if (!after.includes(name)) buffer.delete(listKey(feed, name));
}

function listKey({ key }: Feed, name: string): string {
  return `${key}ids/${name}`;
}
