import type { StateStore } from '../model/world.ts';
import type { Held } from './checkpoint.ts';
import { type Deletions, NOTHING_KNOWN } from './deletions.ts';
import { Ledger, type LedgerRow } from './ledger.ts';
import type { PollContext } from './poll-context.ts';
import { Shadow, type ShadowRow, watchedColumns } from './shadow.ts';
import { storedJson } from './stored-json.ts';
import { Told } from './told.ts';
import type { Place } from './window.ts';

/**
 * What the polls of one activation have learned. It is kept under a name of its own after every poll with
 * news, and the checkpoint carries that name: it counts only once the host comes back with that checkpoint.
 */
export interface Memory {
  readonly instance: string;
  /** Counts the memories of an activation; -1 before the first. */
  readonly sequence: number;
  /** Under which it was kept; absent: it has to be. */
  readonly name?: string;
  readonly place: Place;
  readonly ledger: Ledger;
  readonly shadow: Shadow;
  readonly told: Told;
  readonly deletions?: Deletions;
}

/** The memory of an activation that begins. */
export function newMemory({ world, trigger, table }: PollContext, place: Place): Memory {
  const shadow = new Shadow(watchedColumns(trigger.watch, table));
  const told = new Told();
  return { instance: world.uuid(), sequence: -1, place, ledger: new Ledger(), shadow, told };
}

/**
 * The memory that a checkpoint names. Old ones are thinned out, so a host may come back with a checkpoint
 * whose own is gone; then the newest that is older serves, and the host may get again what lies in the window,
 * under the same ids.
 */
export async function recall(context: PollContext, { instance, memory, place }: Held): Promise<Memory> {
  const { store, log } = context.world;
  const own = await load(context, { instance, memory, place });
  if (own !== undefined) return own;
  log({ level: 'warn', event: 'poll.memory-missing', fields: { trigger: context.trigger.id } });
  const names = await memoryNames(store, instance);
  const older = names.filter((name) => sequenceOf(name) < sequenceOf(memory)).at(-1);
  const found = older === undefined ? undefined : await load(context, { instance, memory: older, place });
  const { name: _, ...rest } = found ?? newMemory(context, place);
  // It counts on from the checkpoint's: until the host comes back, what is kept now is no past of this one.
  return { ...rest, instance, sequence: sequenceOf(memory) };
}

/**
 * Keeps what a poll learned and answers its name; a poll without news keeps nothing and goes on under the old
 * name. Memories of a future that the host never came back with are dropped, and the past is thinned out.
 */
export async function keep(context: PollContext, memory: Memory, before: Memory): Promise<string> {
  const { store, uuid } = context.world;
  const isNews = memory.ledger.changed || memory.told.changed || !isSame(memory.deletions, before.deletions);
  if (before.name !== undefined && !isNews) return before.name;
  const sequence = before.sequence + 1;
  const name = `${String(sequence).padStart(10, '0')}-${uuid()}`;
  await store.set(keyOf(memory.instance, name), encode(memory));
  for (const other of await memoryNames(store, memory.instance)) {
    const isStale = sequenceOf(other) > before.sequence || !isWorthKeeping(sequenceOf(other), sequence);
    if (other !== name && isStale) await store.delete(keyOf(memory.instance, other));
  }
  return name;
}

/** Names of an activation's memories, oldest first. */
export async function memoryNames(store: StateStore, instance: string): Promise<string[]> {
  const prefix = keyOf(instance, '');
  return (await store.keys(prefix)).map((key) => key.slice(prefix.length));
}

/** Of the last 8 all are kept, of the last 64 every 8th, of the last 512 every 64th, and so on; and the first. */
function isWorthKeeping(sequence: number, newest: number): boolean {
  let step = 1;
  for (let age = newest - sequence; age >= 8; age = Math.floor(age / 8)) step *= 8;
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

function encode({ place, ledger, shadow, told, deletions }: Memory): string {
  return JSON.stringify({
    ledger: ledger.rows(place),
    shadow: shadow.rows(),
    ...(place.deadlines === undefined ? {} : { told: told.ids() }),
    ...(deletions === undefined ? {} : { deletions }),
  });
}

async function load(context: PollContext, { instance, memory, place }: Held): Promise<Memory | undefined> {
  const { trigger, table, world } = context;
  const key = keyOf(instance, memory);
  const kept = await world.store.get(key);
  if (kept === undefined) return undefined;
  const { ledger, shadow, told, deletions } = storedJson<Encoded>(key, kept.value);
  return {
    instance,
    sequence: sequenceOf(memory),
    name: memory,
    place,
    ledger: new Ledger(ledger),
    shadow: new Shadow(watchedColumns(trigger.watch, table), shadow),
    told: new Told(told),
    ...(deletions === undefined ? {} : { deletions }),
  };
}

interface Encoded {
  readonly ledger: readonly LedgerRow[];
  readonly shadow: readonly ShadowRow[];
  readonly told?: readonly string[];
  readonly deletions?: Deletions;
}
