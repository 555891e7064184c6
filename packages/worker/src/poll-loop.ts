import { omitUndefined } from 'dynamics365-connector/host';
import { createBufferedStore } from './buffered-store.ts';
import { nextDueInMs, toFailureRelease } from './next-poll.ts';
import { errorCodeOf, runLoop } from './run-loop.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerOptions } from './worker-options.ts';
import { WorkerPool } from './worker-pool.ts';
import { type Claim, leaseDurationMs, type PollCommit, type PollRelease } from './worker-store.ts';

/** How often the store is asked for due polls while there are none. */
const claimIntervalMs = 200;

/** Runs due polls until the signal aborts, then releases running polls. */
export async function runPollLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, limits } = options;
  const pool = new WorkerPool(limits.maxPolls);
  const activeClaims = new Set<Claim>();
  const renewal = runLoop(
    options,
    { everyMs: leaseDurationMs / 3, failureEvent: 'worker.renew', signal },
    async () => {
      if (activeClaims.size > 0) await store.renewLeases([...activeClaims]);
    },
  );
  await runLoop(options, { everyMs: claimIntervalMs, failureEvent: 'worker.claim', signal }, async () => {
    await pool.waitForCapacity();
    const maxClaims = pool.available;
    const claims = await store.claimDuePolls({ maxClaims, maxPerConnection: limits.maxPollsPerConnection });
    for (const claim of claims) {
      activeClaims.add(claim);
      pool.start(() => pollOnce(options, claim, signal).finally(() => activeClaims.delete(claim)));
    }
    return claims.length === maxClaims;
  });
  await pool.waitForIdle();
  await renewal;
}

/** Runs one poll, from its claim to its commit. If the store fails, the claim expires. */
async function pollOnce(options: WorkerOptions, claim: Claim, signal: AbortSignal): Promise<void> {
  const { store, clock, log, metrics, subscriptions } = options;
  const subscription = subscriptions.get(claim.subscription);
  const startedAt = clock.now();
  const fields = { subscription: claim.subscription };
  try {
    metrics.pollLateness.observe(claim.lateMs / 1000);
    // A worker with another file has this subscription.
    if (subscription === undefined)
      return void (await store.releasePoll({ claim, dueInMs: leaseDurationMs }));
    const result = await tryPoll(options, subscription, { claim, startedAt, signal });
    const accepted =
      'checkpoint' in result ? await store.commitPoll(result) : await store.releasePoll(result);
    metrics.pollDuration.observe((clock.now() - startedAt) / 1000);
    reportPoll(options, result, accepted);
  } catch (error) {
    metrics.polls.add('unsaved');
    const code = errorCodeOf(error);
    log({ level: 'error', event: 'worker.poll-unsaved', fields: { ...fields, code } });
  }
}

async function tryPoll(
  { store, clock, random, poll }: WorkerOptions,
  subscription: Subscription,
  {
    claim,
    startedAt,
    signal,
  }: { readonly claim: Claim; readonly startedAt: number; readonly signal: AbortSignal },
): Promise<PollCommit | PollRelease> {
  const buffer = createBufferedStore(store.state);
  try {
    const batch = await poll(subscription, { checkpoint: claim.checkpoint, store: buffer, signal });
    const interval = { everyMs: subscription.everyMs, elapsedMs: clock.now() - startedAt };
    const dueInMs = batch.hasMore ? 0 : nextDueInMs(interval, claim, random);
    return { claim, events: batch.events, checkpoint: batch.checkpoint, writes: buffer.writes, dueInMs };
  } catch (error) {
    // A poll that the worker stops has not failed: another worker can run it at once.
    return signal.aborted ? { claim, dueInMs: 0 } : toFailureRelease(claim, error, random);
  }
}

function reportPoll(
  { log, metrics }: WorkerOptions,
  result: PollCommit | PollRelease,
  accepted: boolean,
): void {
  const outcome = accepted ? pollOutcome(result) : 'fenced';
  metrics.polls.add(outcome);
  const code = 'failure' in result ? result.failure?.code : undefined;
  const fields = omitUndefined({ subscription: result.claim.subscription, code });
  if (outcome === 'committed') log({ level: 'debug', event: 'worker.poll', fields });
  else log({ level: 'warn', event: `worker.poll-${outcome}`, fields });
}

function pollOutcome(result: PollCommit | PollRelease): 'committed' | 'released' | 'failed' {
  if ('checkpoint' in result) return 'committed';
  return result.failure === undefined ? 'released' : 'failed';
}
