import type { Deletions, Roster } from './deletions.ts';
import { keyOf, memoryNames } from './memory.ts';
import type { PollContext } from './poll-context.ts';
import { storedJson } from './stored-json.ts';

/** Changes kept beside the lists before they are folded into a new one. */
const MOST_CHANGES = 20_000;

/** Keeps a list of ids and answers its name. Lists are never changed, so that memories can share them. */
export async function keepList(
  context: PollContext,
  instance: string,
  ids: Iterable<string>,
): Promise<string> {
  const name = context.world.uuid();
  await context.world.store.set(listKey(instance, name), [...ids].join('\n'));
  return name;
}

/** All ids of some lists, or undefined when one of them is gone. */
export async function readLists(
  { world }: PollContext,
  instance: string,
  names: readonly string[],
): Promise<Set<string> | undefined> {
  const ids = new Set<string>();
  for (const name of names) {
    const list = await world.store.get(listKey(instance, name));
    if (list === undefined) return undefined;
    for (const id of list.value.split('\n')) if (id !== '') ids.add(id);
  }
  return ids;
}

/** The ids that a roster stands for, or undefined when a list of it is gone. */
export async function readRoster(
  context: PollContext,
  instance: string,
  roster: Roster,
): Promise<Set<string> | undefined> {
  const ids = await readLists(context, instance, roster.lists);
  for (const id of roster.added) ids?.add(id);
  for (const id of roster.removed) ids?.delete(id);
  return ids;
}

/** The roster after some rows came or changed, and some went. */
export async function amendRoster(
  context: PollContext,
  instance: string,
  roster: Roster,
  { came, went }: { came: readonly string[]; went: readonly string[] },
): Promise<Roster> {
  const added = new Set(roster.added);
  const removed = new Set(roster.removed);
  const isKnown = came.every((id) => added.has(id)) && went.every((id) => removed.has(id));
  if (isKnown) return roster;
  for (const id of came) {
    added.add(id);
    removed.delete(id);
  }
  for (const id of went) {
    added.delete(id);
    removed.add(id);
  }
  const amended = { lists: roster.lists, added: [...added], removed: [...removed] };
  if (added.size + removed.size <= MOST_CHANGES) return amended;
  const ids = await readRoster(context, instance, amended);
  if (ids === undefined) return amended;
  return { lists: [await keepList(context, instance, ids)], added: [], removed: [] };
}

/** Drops the lists that belong to no roster of a kept memory; a walk that misses one of its own begins anew. */
export async function dropUnusedLists({ world }: PollContext, instance: string): Promise<void> {
  const used = new Set<string>();
  for (const name of await memoryNames(world.store, instance)) {
    const key = keyOf(instance, name);
    const memory = await world.store.get(key);
    if (memory === undefined) continue;
    const { deletions } = storedJson<{ readonly deletions?: Deletions }>(key, memory.value);
    for (const list of deletions?.roster?.lists ?? []) used.add(list);
  }
  const prefix = listKey(instance, '');
  for (const key of await world.store.keys(prefix)) {
    if (!used.has(key.slice(prefix.length))) await world.store.delete(key);
  }
}

function listKey(instance: string, name: string): string {
  return `poll/${instance}/ids/${name}`;
}
