import type { WorkerOptions } from './worker-options.ts';

const recountIntervalMs = 5000;

/** Returns whether the outbox is full. It counts events at most once every five seconds, because that reads all of them. */
export function createOutboxLimit({
  store,
  clock,
  limits: { maxTotalOutboxEvents },
}: Pick<WorkerOptions, 'store' | 'clock' | 'limits'>): () => Promise<boolean> {
  let countedAt: number | undefined;
  let isFull = false;
  return async () => {
    const now = clock.now();
    const isRecent = countedAt !== undefined && now >= countedAt && now - countedAt < recountIntervalMs;
    if (isRecent) return isFull;
    isFull = (await store.countOutbox(maxTotalOutboxEvents)) >= maxTotalOutboxEvents;
    countedAt = now;
    return isFull;
  };
}
