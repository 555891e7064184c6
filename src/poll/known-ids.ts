import type { DeletionState, KnownIds } from './deletion-state.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { PollContext } from './poll-context.ts';
import { listStateNames, stateKey } from './trigger-state.ts';

/** Maximum number of changes before they are merged into a new list. */
const maxChanges = 20_000;

/** Saves a list of ids and returns its name. Lists never change, so several states can refer to one. */
export async function saveIdList(
  context: PollContext,
  activationId: string,
  ids: Iterable<string>,
): Promise<string> {
  const name = context.services.uuid();
  await context.services.store.set(listKey(activationId, name), [...ids].join('\n'));
  return name;
}

/** The ids of several lists; undefined if one of them does not exist. */
export async function readIdLists(
  { services }: PollContext,
  activationId: string,
  names: readonly string[],
): Promise<Set<string> | undefined> {
  const ids = new Set<string>();
  for (const name of names) {
    const list = await services.store.get(listKey(activationId, name));
    if (list === undefined) return undefined;
    for (const id of list.value.split('\n')) if (id !== '') ids.add(id);
  }
  return ids;
}

/** All known ids; undefined if one of the lists does not exist. */
export async function readKnownIds(
  context: PollContext,
  activationId: string,
  knownIds: KnownIds,
): Promise<Set<string> | undefined> {
  const ids = await readIdLists(context, activationId, knownIds.lists);
  for (const id of knownIds.added) ids?.add(id);
  for (const id of knownIds.removed) ids?.delete(id);
  return ids;
}

/** The known ids after rows were created or changed (`came`) and deleted (`went`). */
export async function updateKnownIds(
  context: PollContext,
  activationId: string,
  knownIds: KnownIds,
  { came: changedIds, went: deletedIds }: { came: readonly string[]; went: readonly string[] },
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
  const ids = await readKnownIds(context, activationId, updated);
  if (ids === undefined) return updated;
  return { lists: [await saveIdList(context, activationId, ids)], added: [], removed: [] };
}

/** Deletes the lists that no stored state uses. A scan in progress that misses a list starts again. */
export async function deleteUnusedIdLists({ services }: PollContext, activationId: string): Promise<void> {
  const used = new Set<string>();
  for (const name of await listStateNames(services.store, activationId)) {
    const key = stateKey(activationId, name);
    const memory = await services.store.get(key);
    if (memory === undefined) continue;
    const { deletions } = parseStoredJson<{ readonly deletions?: DeletionState }>(key, memory.value);
    for (const list of deletions?.knownIds?.lists ?? []) used.add(list);
  }
  const prefix = listKey(activationId, '');
  for (const key of await services.store.keys(prefix)) {
    if (!used.has(key.slice(prefix.length))) await services.store.delete(key);
  }
}

function listKey(activationId: string, name: string): string {
  return `poll/${activationId}/ids/${name}`;
}
