import { runDeliveryLoop } from './delivery-loop.ts';
import { runPollLoop } from './poll-loop.ts';
import { runLoop } from './run-loop.ts';
import type { WorkerOptions } from './worker-options.ts';

const rescheduleIntervalMs = 60_000;

/**
 * Polls and delivers until the signal says stop. Polls under way are given back then, deliveries under way are
 * finished. Any number of workers may share a store that several machines can reach.
 */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, subscriptions, log, metrics } = options;
  await store.syncSubscriptions([...subscriptions.values()]);
  log({ level: 'info', event: 'worker.started', fields: { count: subscriptions.size } });
  await Promise.all([
    runPollLoop(options, signal),
    runDeliveryLoop(options, signal),
    runLoop(
      options,
      { everyMs: rescheduleIntervalMs, failureEvent: 'worker.reschedule', signal },
      async () => {
        const count = await store.reschedule();
        metrics.rescheduled.add('rescheduled', count);
        if (count > 0) log({ level: 'warn', event: 'worker.rescheduled', fields: { count } });
      },
    ),
  ]);
  log({ level: 'info', event: 'worker.stopped', fields: {} });
}
