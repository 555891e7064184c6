import { runDeliveryLoop } from './delivery-loop.ts';
import { runPollLoop } from './poll-loop.ts';
import { runLoop } from './run-loop.ts';
import type { WorkerOptions } from './worker-options.ts';

const rescheduleIntervalMs = 60_000;

/**
 * Polls and delivers until the signal aborts. Then it releases running polls and finishes running deliveries. Several
 * workers can share a store.
 */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, subscriptions, log } = options;
  await store.syncSubscriptions([...subscriptions.values()]);
  log({ level: 'info', event: 'worker.started', fields: { count: subscriptions.size } });
  await Promise.all([
    runPollLoop(options, signal),
    runDeliveryLoop(options, signal),
    runRescheduleLoop(options, signal),
  ]);
  log({ level: 'info', event: 'worker.stopped', fields: {} });
}

async function runRescheduleLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, log, metrics } = options;
  const loop = { everyMs: rescheduleIntervalMs, failureEvent: 'worker.reschedule', signal };
  await runLoop(options, loop, async () => {
    const count = await store.reschedule();
    metrics.rescheduled.add('rescheduled', count);
    if (count > 0) log({ level: 'warn', event: 'worker.rescheduled', fields: { count } });
  });
}
