import { deliverLoop } from './deliver-loop.ts';
import { pollLoop } from './poll-loop.ts';
import { repeat } from './repeat.ts';
import type { WorkerParts } from './worker-parts.ts';

const REARM_EVERY_MS = 60_000;

/**
 * Polls and delivers until the signal says stop. Polls under way are given back then, deliveries under way are
 * finished. Any number of workers may share a store that several machines can reach.
 */
export async function runWorker(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  const { store, subscriptions, log, metrics } = parts;
  await store.declare([...subscriptions.values()]);
  log({ level: 'info', event: 'worker.started', fields: { count: subscriptions.size } });
  await Promise.all([
    pollLoop(parts, signal),
    deliverLoop(parts, signal),
    repeat(parts, { everyMs: REARM_EVERY_MS, event: 'worker.rearm', signal }, async () => {
      const count = await store.rearm();
      metrics.rearmed.add('rearmed', count);
      if (count > 0) log({ level: 'warn', event: 'worker.rearmed', fields: { count } });
    }),
  ]);
  log({ level: 'info', event: 'worker.stopped', fields: {} });
}
