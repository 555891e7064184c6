import {
  type Checkpoint,
  type Clock,
  ConnectorError,
  type PollItem,
  type PollResult,
  type StateStore,
} from 'dynamics365-connector';
import { asConnectorError, type FeedWake, maxRetryAfterMs } from 'dynamics365-connector/host';
import type { TriggerWakes } from './trigger-wakes.ts';

/** The parts of a trigger's loop. */
export interface TriggerLoopOptions {
  /** With `wake`, a short poll is enough. */
  readonly poll: (
    checkpoint: Checkpoint | undefined,
    options: { readonly signal: AbortSignal; readonly wake: FeedWake | undefined },
  ) => Promise<PollResult>;
  /** Sends an item to the flow. Resolves to true once the flow has processed it, to false when a part of it was dropped or the signal aborted. */
  readonly deliver: (item: PollItem, signal: AbortSignal) => Promise<boolean>;
  readonly store: StateStore;
  /** Key of the trigger's position in the store. */
  readonly positionKey: string;
  /** Milliseconds between polls. */
  readonly everyMs: number;
  readonly clock: Clock;
  /** Hints that rows have changed: they cause polls between those on schedule. */
  readonly wakes: TriggerWakes;
  readonly onResult: (result: PollResult | ConnectorError) => void;
}

/** A checkpoint and the ids of the items after it that the flow has processed; a repeated poll skips them. */
interface TriggerPosition {
  readonly checkpoint?: Checkpoint;
  readonly deliveredIds: readonly string[];
}

/** How long a flow may take for the items of one poll. After that they count as delivered, and the next poll starts. */
const deliveryTimeoutMs = 5 * 60_000;
/** The same while Node-RED stops; it ends by force after fifteen seconds. */
const shutdownGraceMs = 5000;
const maxPauseMs = 10 * 60_000;
/** A bulk write sends a webhook for each of its rows: one poll is for all that come within this time. */
const quietMs = 100;
const minWakeGapMs = 1000;

/**
 * Polls and delivers until the signal aborts. The position advances after the flow has processed the items. After a
 * crash, items that were not processed are delivered again with the same ids; no item is lost. After an orderly stop
 * only items whose processing was cut short are delivered again.
 */
export async function runTriggerLoop(options: TriggerLoopOptions, signal: AbortSignal): Promise<void> {
  const { clock, wakes } = options;
  let dueAt = clock.now();
  for (let failures = 0; !signal.aborted; ) {
    const hint = wakes.take();
    // A poll on schedule reads all that a hint can tell of.
    const wake = clock.now() < dueAt ? hint : undefined;
    const result = await pollOnce(options, wake, signal).catch(asConnectorError);
    if (signal.aborted) return;
    options.onResult(result);
    failures = result instanceof ConnectorError ? failures + 1 : 0;
    if (wake === undefined || failures > 0) dueAt = clock.now() + nextPauseMs(options, result, failures);
    else if ('hasMore' in result && result.hasMore) wakes.add();
    await waitForNext(options, { dueAt, isFailing: failures > 0 }, signal);
  }
}

/** Waits for the next poll on schedule, or for a hint. A server that fails is left alone until its pause is over. */
async function waitForNext(
  { clock, wakes }: TriggerLoopOptions,
  { dueAt, isFailing }: { readonly dueAt: number; readonly isFailing: boolean },
  signal: AbortSignal,
): Promise<void> {
  const polledAt = clock.now();
  const sleepUntil = (at: number, end: AbortSignal) => clock.sleep(at - clock.now(), end).catch(() => {});
  await sleepUntil(dueAt, isFailing ? signal : AbortSignal.any([signal, wakes.signal]));
  if (isFailing || !wakes.isPending || signal.aborted) return;
  const wakeAt = Math.max(clock.now() + quietMs, polledAt + minWakeGapMs);
  if (wakeAt < dueAt) await sleepUntil(wakeAt, signal);
}

async function pollOnce(
  options: TriggerLoopOptions,
  wake: FeedWake | undefined,
  signal: AbortSignal,
): Promise<PollResult> {
  const { store, positionKey, poll } = options;
  const position = await loadPosition(options);
  const result = await poll(position.checkpoint, { signal, wake });
  const items = signal.aborted ? [] : result.items.filter(({ id }) => !position.deliveredIds.includes(id));
  const deliveredIds = [...position.deliveredIds, ...(await deliverItems(options, items, signal))];
  const isComplete = result.items.every(({ id }) => deliveredIds.includes(id));
  const next: TriggerPosition = isComplete
    ? { checkpoint: result.checkpoint, deliveredIds: [] }
    : { ...position, deliveredIds };
  await store.set(positionKey, JSON.stringify(next));
  return result;
}

async function loadPosition({ store, positionKey }: TriggerLoopOptions): Promise<TriggerPosition> {
  const saved = await store.get(positionKey);
  return saved === undefined ? { deliveredIds: [] } : (JSON.parse(saved.value) as TriggerPosition);
}

/** Delivers items and returns the ids of those that the flow has processed or had the full time for. */
async function deliverItems(
  { clock, deliver }: TriggerLoopOptions,
  items: readonly PollItem[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const deliveredIds = new Set<string>();
  const finished = new AbortController();
  const all = items.map(async (item) => {
    if (await deliver(item, finished.signal)) deliveredIds.add(item.id);
  });
  const timeout = clock.sleep(deliveryTimeoutMs, AbortSignal.any([signal, finished.signal])).then(
    () => {
      for (const { id } of items) deliveredIds.add(id);
    },
    () => clock.sleep(shutdownGraceMs, finished.signal),
  );
  try {
    await Promise.race([Promise.all(all), timeout]);
    return [...deliveredIds];
  } finally {
    finished.abort();
  }
}

function nextPauseMs(
  { everyMs }: TriggerLoopOptions,
  result: PollResult | ConnectorError,
  failures: number,
): number {
  if (!(result instanceof ConnectorError)) return result.hasMore ? 0 : everyMs;
  const backOffMs = Math.min(everyMs * 2 ** (failures - 1), maxPauseMs);
  return Math.max(backOffMs, Math.min(result.details.retryAfterMs ?? 0, maxRetryAfterMs));
}
