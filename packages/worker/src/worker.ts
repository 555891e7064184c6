import { assertOptions, assertSignal, type OptionsRule, omitUndefined } from 'dynamics365-connector/host';
import { runDeliveryLoop } from './delivery-loop.ts';
import { runPollLoop } from './poll-loop.ts';
import { runLoop } from './run-loop.ts';
import type { SubscriptionStatus } from './subscription-status.ts';
import { defaultKeepDeliveredMs, maxDeletedEvents } from './worker-history.ts';
import type { WorkerOptions } from './worker-options.ts';

const upkeepIntervalMs = 60_000;

const workerRule: OptionsRule<WorkerOptions> = {
  of: 'runWorker',
  types: {
    store: 'any',
    subscriptions: 'any',
    syncsSubscriptions: 'flag',
    poll: 'function',
    unblock: 'function',
    reread: 'function',
    limits: 'any',
    keepDeliveredMs: 'any',
    keepDeadLettersMs: 'any',
    metrics: 'any',
    clock: 'any',
    random: 'function',
    log: 'function',
    telemetry: 'any',
    audit: 'any',
  },
  code: 'SETTING_INVALID',
};

/**
 * Polls and delivers until the signal aborts. Then it releases running polls and finishes running deliveries. Several
 * workers can share a store.
 */
export async function runWorker(given: WorkerOptions, signal: AbortSignal): Promise<void> {
  const options = assertOptions(given, workerRule);
  assertSignal(signal, 'The signal of runWorker');
  const { store, subscriptions, log, syncsSubscriptions = true } = options;
  if (syncsSubscriptions) await store.syncSubscriptions([...subscriptions.values()]);
  log({ level: 'info', event: 'worker.started', fields: { count: subscriptions.size } });
  await Promise.all([
    runPollLoop(options, signal),
    runDeliveryLoop(options, signal),
    runUpkeepLoop(options, signal),
  ]);
  log({ level: 'info', event: 'worker.stopped', fields: {} });
}

/**
 * Once a minute: corrects the schedule of polls, logs which subscriptions have stalled since, records the status, and
 * deletes what is too old.
 */
async function runUpkeepLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, log, metrics, keepDeliveredMs = defaultKeepDeliveredMs } = options;
  const loop = { everyMs: upkeepIntervalMs, failureEvent: 'worker.reschedule', signal };
  let stalled: ReadonlySet<string> | undefined;
  await runLoop(options, loop, async () => {
    const count = await store.reschedule();
    metrics.rescheduled.add('rescheduled', count);
    if (count > 0) log({ level: 'warn', event: 'worker.rescheduled', fields: { count } });
    // When a worker starts after a pause, all polls are late.
    stalled =
      stalled === undefined
        ? new Set()
        : reportStalled(log, await store.status({ stalledOnly: true }), stalled);
    await store.recordStatus();
    while (!signal.aborted && (await store.deleteOldHistory(keepDeliveredMs)) === maxDeletedEvents);
    await deleteOldDeadLetters(options);
  });
}

/** What is deleted without having been delivered is logged. */
async function deleteOldDeadLetters({ store, log, keepDeadLettersMs }: WorkerOptions): Promise<void> {
  if (keepDeadLettersMs === undefined) return;
  const count = await store.deleteOldDeadLetters(keepDeadLettersMs);
  if (count > 0) log({ level: 'warn', event: 'worker.dead-letters-deleted', fields: { count } });
}

/** Logs the stalled subscriptions that are not known yet, and returns all of them. */
function reportStalled(
  log: WorkerOptions['log'],
  stalled: readonly SubscriptionStatus[],
  known: ReadonlySet<string>,
): ReadonlySet<string> {
  for (const { id, reason } of stalled) {
    if (known.has(id)) continue;
    const fields = omitUndefined({ subscription: id, reason });
    log({ level: 'warn', event: 'worker.subscription-stalled', fields });
  }
  return new Set(stalled.map(({ id }) => id));
}
