import { createBufferedStore } from './buffered-store.ts';
import { nextDueInMs, toFailureRelease } from './next-poll.ts';
import { runLoop } from './run-loop.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerOptions } from './worker-options.ts';
import { WorkerPool } from './worker-pool.ts';
import { type Claim, leaseDurationMs, type PollCommit, type PollRelease } from './worker-store.ts';

/** How often the store is asked for due polls when there are none. */
const claimIntervalMs = 200;

/** Polls what is due until the signal says stop; then gives back what is under way. */
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
    const { available } = pool;
    const claims = await store.claimDuePolls({
      maxClaims: available,
      maxPerConnection: limits.maxPollsPerConnection,
    });
    for (const claim of claims) {
      activeClaims.add(claim);
      pool.start(() => pollOnce(options, claim, signal).finally(() => activeClaims.delete(claim)));
    }
    return claims.length === available;
  });
  await pool.waitForIdle();
  await renewal;
}

/** One poll, from its claim to its commit. Whatever goes wrong with the store, the claim lapses by itself. */
async function pollOnce(options: WorkerOptions, claim: Claim, signal: AbortSignal): Promise<void> {
  const { store, clock, log, metrics, subscriptions } = options;
  const subscription = subscriptions.get(claim.subscription);
  const startedAt = clock.now();
  const fields = { subscription: claim.subscription };
  try {
    metrics.pollLateness.observe(claim.lateMs / 1000);
    // Another worker, with another file, knows this one.
    if (subscription === undefined)
      return void (await store.releasePoll({ claim, dueInMs: leaseDurationMs }));
    const result = await tryPoll(options, subscription, { claim, startedAt, signal });
    const accepted =
      'checkpoint' in result ? await store.commitPoll(result) : await store.releasePoll(result);
    const outcome = accepted ? pollOutcome(result) : 'fenced';
    metrics.polls.add(outcome);
    metrics.pollDuration.observe((clock.now() - startedAt) / 1000);
    if (outcome === 'committed') log({ level: 'debug', event: 'worker.poll', fields });
    else
      log({ level: 'warn', event: `worker.poll-${outcome}`, fields: { ...fields, ...failureCode(result) } });
  } catch (error) {
    metrics.polls.add('unsaved');
    const code = (error as { code?: string }).code ?? 'UNEXPECTED';
    log({ level: 'error', event: 'worker.poll-unsaved', fields: { ...fields, code } });
  }
}

async function tryPoll(
  { store, clock, random, poll }: WorkerOptions,
  subscription: Subscription,
  { claim, startedAt, signal }: { claim: Claim; startedAt: number; signal: AbortSignal },
): Promise<PollCommit | PollRelease> {
  const buffer = createBufferedStore(store.state);
  try {
    const batch = await poll(subscription, { checkpoint: claim.checkpoint, store: buffer, signal });
    const interval = { everyMs: subscription.everyMs, spentMs: clock.now() - startedAt };
    const dueInMs = batch.hasMore ? 0 : nextDueInMs(interval, claim, random);
    return { claim, events: batch.events, checkpoint: batch.checkpoint, writes: buffer.writes, dueInMs };
  } catch (error) {
    // Stopping is nobody's failure: whoever comes next polls at once.
    return signal.aborted ? { claim, dueInMs: 0 } : toFailureRelease(claim, error, random);
  }
}

function pollOutcome(result: PollCommit | PollRelease): 'committed' | 'returned' | 'failed' {
  if ('checkpoint' in result) return 'committed';
  return result.failure === undefined ? 'returned' : 'failed';
}

function failureCode(result: PollCommit | PollRelease): { code?: string } {
  return 'failure' in result && result.failure !== undefined ? { code: result.failure.code } : {};
}
