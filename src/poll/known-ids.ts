import type { DeletionState, KnownIds } from './deletion-state.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { PollContext } from './poll-context.ts';
import { listStateNames, stateKey } from './trigger-state.ts';

/** Changes kept beside the lists before they are folded into a new one. */
const maxChanges = 20_000;

/** Keeps a list of ids and answers its name. Lists are never changed, so that memories can share them. */
export async function saveIdList(
  context: PollContext,
  activationId: string,
  ids: Iterable<string>,
): Promise<string> {
  const name = context.services.uuid();
  await context.services.store.set(listKey(activationId, name), [...ids].join('\n'));
  return name;
}

/** All ids of some lists, or undefined when one of them is gone. */
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

/** The ids that a roster stands for, or undefined when a list of it is gone. */
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

/** The roster after some rows came or changed, and some went. */
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

/** Drops the lists that belong to no roster of a kept memory; a walk that misses one of its own begins anew. */
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
