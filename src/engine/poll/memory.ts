import type { JsonObject } from '../../model/json.ts';
import type { StateStore } from '../../model/world.ts';
import type { Held } from './checkpoint.ts';
import { type Deletions, NOTHING_KNOWN } from './deletions.ts';
import { Ledger, type LedgerRow } from './ledger.ts';
import { isObject, readPlace, writePlace } from './place-json.ts';
import type { PollContext } from './poll-context.ts';
import { Shadow, type ShadowRow, watchedColumns } from './shadow.ts';
import type { Place } from './window.ts';

/**
 * What the polls of one activation have learned. It is kept under a name of its own after every poll with
 * news, and the checkpoint carries that name: it counts only once the host comes back with that checkpoint.
 */
export interface Memory {
  readonly instance: string;
  /** Under which it was kept; absent before the first time. */
  readonly name?: string;
  readonly place: Place;
  readonly ledger: Ledger;
  readonly shadow: Shadow;
  readonly deletions?: Deletions;
}

/** The memory of an activation that begins. */
export function newMemory({ world, trigger, table }: PollContext, place: Place): Memory {
  const shadow = new Shadow(watchedColumns(trigger.watch, table));
  return { instance: world.uuid(), place, ledger: new Ledger(), shadow };
}

/**
 * The memory that a checkpoint names. Old ones are thinned out, so a host may come back with a checkpoint
 * whose own is gone; then the newest that is older takes its place, with the place it was kept at: the host
 * gets again what came after it, under the same ids.
 */
export async function recall(context: PollContext, held: Held): Promise<Memory> {
  const { store, log } = context.world;
  const own = await load(context, held.instance, held.memory);
  if (own !== undefined) return { ...own, place: held.place };
  log({ level: 'warn', event: 'poll.memory-missing', fields: { trigger: context.trigger.id } });
  const names = await memoryNames(store, held.instance);
  for (const name of names.reverse().filter((name) => sequenceOf(name) < sequenceOf(held.memory))) {
    const older = await load(context, held.instance, name);
    if (older !== undefined) return older;
  }
  const { instance, place } = held;
  return { ...newMemory(context, place), instance, name: held.memory };
}

/**
 * Keeps what a poll learned and answers its name; a poll without news keeps nothing and goes on under the old
 * name. Memories of a future that the host never came back with are dropped, and the past is thinned out.
 */
export async function keep(context: PollContext, memory: Memory, before: Memory): Promise<string> {
  const { store, uuid } = context.world;
  const isNews = memory.ledger.changed || !isSame(memory.deletions, before.deletions);
  if (before.name !== undefined && !isNews) return before.name;
  const sequence = before.name === undefined ? 1 : sequenceOf(before.name) + 1;
  const name = `${String(sequence).padStart(10, '0')}-${uuid()}`;
  await store.set(keyOf(memory.instance, name), encode(memory));
  for (const other of await memoryNames(store, memory.instance)) {
    const isStale = other > (before.name ?? '') || !isWorthKeeping(sequenceOf(other), sequence);
    if (other !== name && isStale) await store.delete(keyOf(memory.instance, other));
  }
  return name;
}

/** Names of an activation's memories, oldest first. */
export async function memoryNames(store: StateStore, instance: string): Promise<string[]> {
  const prefix = keyOf(instance, '');
  return (await store.keys(prefix)).map((key) => key.slice(prefix.length));
}

/** Of the last 4 all are kept, of the last 16 every 4th, of the last 64 every 16th, and so on. */
function isWorthKeeping(sequence: number, newest: number): boolean {
  let step = 1;
  for (let age = newest - sequence; age >= 4; age = Math.floor(age / 4)) step *= 4;
  return sequence % step === 0;
}

function isSame(a: Deletions = NOTHING_KNOWN, b: Deletions = NOTHING_KNOWN): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Deletions>;
  return [...names].every((name) => a[name] === b[name]);
}

/** Where a memory lies: `poll/<activation>/memory/<sequence>-<id>`. */
export function keyOf(instance: string, name: string): string {
  return `poll/${instance}/memory/${name}`;
}

function sequenceOf(name: string): number {
  return Number.parseInt(name, 10);
}

function encode({ place, ledger, shadow, deletions }: Memory): string {
  return JSON.stringify({
    place: writePlace(place),
    ledger: ledger.rows(place),
    shadow: shadow.rows(),
    ...(deletions === undefined ? {} : { deletions }),
  });
}

async function load(
  { trigger, table, world }: PollContext,
  instance: string,
  name: string,
): Promise<Memory | undefined> {
  const kept = await world.store.get(keyOf(instance, name));
  if (kept === undefined) return undefined;
  const json = JSON.parse(kept.value) as JsonObject & { ledger: LedgerRow[]; shadow: ShadowRow[] };
  const columns = watchedColumns(trigger.watch, table);
  return {
    instance,
    name,
    place: readPlace(json.place)!,
    ledger: new Ledger(json.ledger),
    shadow: new Shadow(columns, json.shadow),
    ...(isObject(json.deletions) ? { deletions: json.deletions as unknown as Deletions } : {}),
  };
}
