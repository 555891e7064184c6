import type { StateStore } from '../model/runtime-services.ts';
import type { CheckpointContent } from './checkpoint.ts';
import { ColumnFingerprints, type FingerprintEntry, watchedColumns } from './column-fingerprints.ts';
import type { Cursor } from './cursor.ts';
import { type DeletionState, initialDeletionState } from './deletion-state.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { PollContext } from './poll-context.ts';
import { ReportedDeadlines } from './reported-deadlines.ts';
import { type SeenVersionEntry, SeenVersions } from './seen-versions.ts';

/**
 * The state of one activation of a trigger. Every poll with changes saves it under a new name, which the checkpoint
 * contains. A saved state takes effect only if the host polls with that checkpoint.
 */
export interface TriggerState {
  readonly activationId: string;
  /** The number of the state within the activation; -1 before the first is saved. */
  readonly sequence: number;
  /** The name under which it is stored; absent if it is not stored yet. */
  readonly name?: string;
  readonly cursor: Cursor;
  readonly seenVersions: SeenVersions;
  readonly columnFingerprints: ColumnFingerprints;
  readonly reportedDeadlines: ReportedDeadlines;
  readonly deletionState?: DeletionState;
}

/** The state of a new activation. */
export function createTriggerState({ services, trigger, table }: PollContext, cursor: Cursor): TriggerState {
  const columnFingerprints = new ColumnFingerprints(watchedColumns(trigger.watch, table));
  const reportedDeadlines = new ReportedDeadlines();
  return {
    activationId: services.uuid(),
    sequence: -1,
    cursor,
    seenVersions: new SeenVersions(),
    columnFingerprints,
    reportedDeadlines,
  };
}

/**
 * Loads the state of a checkpoint. Most old states are deleted; for an old checkpoint the newest older state is used,
 * and the host may get items of the window again, with the same ids.
 */
export async function loadState(
  context: PollContext,
  { activationId, stateName, cursor }: CheckpointContent,
): Promise<TriggerState> {
  const { store, log } = context.services;
  const exact = await readState(context, { activationId, stateName, cursor });
  if (exact !== undefined) return exact;
  log({ level: 'warn', event: 'poll.state-missing', fields: { trigger: context.trigger.id } });
  const names = await listStateNames(store, activationId);
  const older = names.filter((name) => sequenceOf(name) < sequenceOf(stateName)).at(-1);
  const found =
    older === undefined ? undefined : await readState(context, { activationId, stateName: older, cursor });
  const { name: _, ...rest } = found ?? createTriggerState(context, cursor);
  // The sequence continues from the checkpoint's: states that were saved after it are not part of its history.
  return { ...rest, activationId, sequence: sequenceOf(stateName) };
}

/**
 * Saves the state after a poll and returns its name; without changes, it saves nothing and returns the previous name.
 * It deletes states of polls whose checkpoint the host did not save, and most old states.
 */
export async function saveState(
  context: PollContext,
  state: TriggerState,
  previous: TriggerState,
): Promise<string> {
  const { store, uuid } = context.services;
  const hasChanges =
    state.seenVersions.changed ||
    state.reportedDeadlines.changed ||
    !isSameDeletionState(state.deletionState, previous.deletionState);
  if (previous.name !== undefined && !hasChanges) return previous.name;
  const sequence = previous.sequence + 1;
  const name = `${String(sequence).padStart(10, '0')}-${uuid()}`;
  await store.set(stateKey(state.activationId, name), serializeState(state));
  for (const other of await listStateNames(store, state.activationId)) {
    const isStale = sequenceOf(other) > previous.sequence || !isWorthKeeping(sequenceOf(other), sequence);
    if (other !== name && isStale) await store.delete(stateKey(state.activationId, other));
  }
  return name;
}

/** The names of an activation's stored states, oldest first. */
export async function listStateNames(store: StateStore, activationId: string): Promise<string[]> {
  const prefix = stateKey(activationId, '');
  return (await store.keys(prefix)).map((key) => key.slice(prefix.length));
}

/** The first state and the last 8 are kept, every 8th of the last 64, every 64th of the last 512, and so on. */
function isWorthKeeping(sequence: number, newest: number): boolean {
  let step = 1;
  for (let age = newest - sequence; age >= 8; age = Math.floor(age / 8)) step *= 8;
  return sequence % step === 0;
}

function isSameDeletionState(
  a: DeletionState = initialDeletionState,
  b: DeletionState = initialDeletionState,
): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof DeletionState>;
  return [...names].every((name) => a[name] === b[name]);
}

/** The store key of a state: `poll/<activation>/memory/<sequence>-<id>`. */
export function stateKey(activationId: string, name: string): string {
  return `poll/${activationId}/memory/${name}`;
}

function sequenceOf(name: string): number {
  return Number.parseInt(name, 10);
}

function serializeState({
  cursor,
  seenVersions,
  columnFingerprints,
  reportedDeadlines,
  deletionState,
}: TriggerState): string {
  return JSON.stringify({
    ledger: seenVersions.entries(cursor),
    shadow: columnFingerprints.entries(),
    ...(cursor.deadlines === undefined ? {} : { told: reportedDeadlines.ids() }),
    ...(deletionState === undefined ? {} : { deletions: deletionState }),
  });
}

async function readState(
  context: PollContext,
  { activationId, stateName, cursor }: CheckpointContent,
): Promise<TriggerState | undefined> {
  const { trigger, table, services } = context;
  const key = stateKey(activationId, stateName);
  const entry = await services.store.get(key);
  if (entry === undefined) return undefined;
  const { ledger, shadow, told, deletions } = parseStoredJson<StoredState>(key, entry.value);
  return {
    activationId,
    sequence: sequenceOf(stateName),
    name: stateName,
    cursor,
    seenVersions: new SeenVersions(ledger),
    columnFingerprints: new ColumnFingerprints(watchedColumns(trigger.watch, table), shadow),
    reportedDeadlines: new ReportedDeadlines(told),
    ...(deletions === undefined ? {} : { deletionState: deletions }),
  };
}

interface StoredState {
  readonly ledger: readonly SeenVersionEntry[];
  readonly shadow: readonly FingerprintEntry[];
  readonly told?: readonly string[];
  readonly deletions?: DeletionState;
}
