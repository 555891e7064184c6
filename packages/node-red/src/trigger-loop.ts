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
export interface TriggerLoop {
  readonly poll: (checkpoint: Checkpoint | undefined, signal: AbortSignal) => Promise<PollResult>;
  /** Hands an item to the flow; once everything that it set off has ended, says whether it was all done. Nobody waits after the signal. */
  readonly deliver: (item: PollItem, signal: AbortSignal) => Promise<boolean>;
  readonly store: StateStore;
  /** Where the place is kept in it. */
  readonly key: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly told: (news: PollResult | ConnectorError) => void;
}

/** A checkpoint, and the items after it that the flow is done with: a repeated poll passes over them. */
interface Place {
  readonly checkpoint?: Checkpoint;
  readonly done: readonly string[];
}

/** How long a flow may work on what one poll brought before the next one goes on without it. */
const patienceMs = 5 * 60_000;
/** The same once Node-RED wants to stop: it ends by force after fifteen seconds. */
const graceMs = 5000;
const longestPauseMs = 10 * 60_000;

/**
 * Polls and delivers until the signal aborts. The place moves on once the flow is done with the items, so that a
 * crash repeats them, with the same ids, and loses none; an orderly stop repeats only what it cut short.
 */
export async function runTrigger(loop: TriggerLoop, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const news = await pollOnce(loop, signal).catch(asConnectorError);
    if (signal.aborted) return;
    loop.told(news);
    failures = news instanceof ConnectorError ? failures + 1 : 0;
    await loop.clock.sleep(pauseAfter(loop, news, failures), signal).catch(() => {});
  }
}

async function pollOnce(loop: TriggerLoop, signal: AbortSignal): Promise<PollResult> {
  const { store, key, poll } = loop;
  const place = await readPlace(loop);
  const result = await poll(place.checkpoint, signal);
  const items = signal.aborted ? [] : result.items.filter(({ id }) => !place.done.includes(id));
  const done = [...place.done, ...(await deliverAll(loop, items, signal))];
  const isComplete = result.items.every(({ id }) => done.includes(id));
  const next: Place = isComplete ? { checkpoint: result.checkpoint, done: [] } : { ...place, done };
  await store.set(key, JSON.stringify(next));
  return result;
}

async function readPlace({ store, key }: TriggerLoop): Promise<Place> {
  const kept = await store.get(key);
  return kept === undefined ? { done: [] } : (JSON.parse(kept.value) as Place);
}

/** Ids of the items that the flow is done with, or was given all the time there is for. */
async function deliverAll(
  { clock, deliver }: TriggerLoop,
  items: readonly PollItem[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const done = new Set<string>();
  const over = new AbortController();
  const all = items.map(async (item) => {
    if (await deliver(item, over.signal)) done.add(item.id);
  });
  const patience = clock.sleep(patienceMs, AbortSignal.any([signal, over.signal])).then(
    () => {
      for (const { id } of items) done.add(id);
    },
    () => clock.sleep(graceMs, over.signal),
  );
  try {
    await Promise.race([Promise.all(all), patience]);
    return [...done];
  } finally {
    over.abort();
  }
}

function pauseAfter({ everyMs }: TriggerLoop, news: PollResult | ConnectorError, failures: number): number {
  if (!(news instanceof ConnectorError)) return news.more ? 0 : everyMs;
  const backOffMs = Math.min(everyMs * 2 ** (failures - 1), longestPauseMs);
  return Math.max(backOffMs, news.details.retryAfterMs ?? 0);
}
