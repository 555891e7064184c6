import {
  type Checkpoint,
  type Clock,
  ConnectorError,
  type PollItem,
  type PollResult,
  type StateStore,
} from 'dynamics365-connector';
import { asConnectorError, maxRetryAfterMs } from 'dynamics365-connector/host';

/** The parts of a trigger's loop. */
export interface TriggerLoopOptions {
  readonly poll: (checkpoint: Checkpoint | undefined, signal: AbortSignal) => Promise<PollResult>;
  /** Sends an item to the flow. Resolves to true once the flow has processed it, to false when a part of it was dropped or the signal aborted. */
  readonly deliver: (item: PollItem, signal: AbortSignal) => Promise<boolean>;
  readonly store: StateStore;
  /** Key of the trigger's position in the store. */
  readonly positionKey: string;
  /** Milliseconds between polls. */
  readonly everyMs: number;
  readonly clock: Clock;
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

/**
 * Polls and delivers until the signal aborts. The position advances after the flow has processed the items. After a
 * crash, items that were not processed are delivered again with the same ids; no item is lost. After an orderly stop
 * only items whose processing was cut short are delivered again.
 */
export async function runTriggerLoop(options: TriggerLoopOptions, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const result = await pollOnce(options, signal).catch(asConnectorError);
    if (signal.aborted) return;
    options.onResult(result);
    failures = result instanceof ConnectorError ? failures + 1 : 0;
    await options.clock.sleep(nextPauseMs(options, result, failures), signal).catch(() => {});
  }
}

async function pollOnce(options: TriggerLoopOptions, signal: AbortSignal): Promise<PollResult> {
  const { store, positionKey, poll } = options;
  const position = await loadPosition(options);
  const result = await poll(position.checkpoint, signal);
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
