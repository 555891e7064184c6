import {
  type Checkpoint,
  type Clock,
  ConnectorError,
  type PollItem,
  type PollResult,
  type StateStore,
} from 'dynamics365-connector';
import { asConnectorError } from 'dynamics365-connector/host';

/** What a trigger's loop is made of. */
export interface TriggerLoopOptions {
  readonly poll: (checkpoint: Checkpoint | undefined, signal: AbortSignal) => Promise<PollResult>;
  /** Hands an item to the flow; once everything that it set off has ended, says whether it was all done. Nobody waits after the signal. */
  readonly deliver: (item: PollItem, signal: AbortSignal) => Promise<boolean>;
  readonly store: StateStore;
  /** Where the place is kept in it. */
  readonly positionKey: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly onResult: (result: PollResult | ConnectorError) => void;
}

/** A checkpoint, and the items after it that the flow is done with: a repeated poll passes over them. */
interface TriggerPosition {
  readonly checkpoint?: Checkpoint;
  readonly deliveredIds: readonly string[];
}

/** How long a flow may work on what one poll brought before the next one goes on without it. */
const deliveryTimeoutMs = 5 * 60_000;
/** The same once Node-RED wants to stop: it ends by force after fifteen seconds. */
const shutdownGraceMs = 5000;
const maxPauseMs = 10 * 60_000;

/**
 * Polls and delivers until the signal aborts. The place moves on once the flow is done with the items, so that a
 * crash repeats them, with the same ids, and loses none; an orderly stop repeats only what it cut short.
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

/** Ids of the items that the flow is done with, or was given all the time there is for. */
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
  return Math.max(backOffMs, result.details.retryAfterMs ?? 0);
}
