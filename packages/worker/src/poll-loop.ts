import { afterFailure, nextDueInMs } from './after-poll.ts';
import { bufferWrites } from './buffered-store.ts';
import { Crew } from './crew.ts';
import { repeat } from './repeat.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerParts } from './worker-parts.ts';
import { type Claim, type FinishedPoll, LEASE_MS, type UnfinishedPoll } from './worker-store.ts';

/** How often the store is asked for due polls when there are none. */
const TICK_MS = 200;

/** Polls what is due until the signal says stop; then gives back what is under way. */
export async function pollLoop(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  const { store, limits } = parts;
  const crew = new Crew(limits.polls);
  const inHand = new Set<Claim>();
  const renewal = repeat(parts, { everyMs: LEASE_MS / 3, event: 'worker.renew', signal }, async () => {
    if (inHand.size > 0) await store.renew([...inHand]);
  });
  await repeat(parts, { everyMs: TICK_MS, event: 'worker.claim', signal }, async () => {
    await crew.room();
    const { free } = crew;
    const claims = await store.claimDue({ most: free, perConnection: limits.pollsPerConnection });
    for (const claim of claims) {
      inHand.add(claim);
      crew.start(() => pollOnce(parts, claim, signal).finally(() => inHand.delete(claim)));
    }
    return claims.length === free;
  });
  await crew.idle();
  await renewal;
}

/** One poll, from its claim to its commit. Whatever goes wrong with the store, the claim lapses by itself. */
async function pollOnce(parts: WorkerParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { store, clock, log, metrics, subscriptions } = parts;
  const subscription = subscriptions.get(claim.subscription);
  const startedAt = clock.now();
  const fields = { subscription: claim.subscription };
  try {
    metrics.lateness.observe(claim.lateMs / 1000);
    // Another worker, with another file, knows this one.
    if (subscription === undefined) return void (await store.releasePoll({ claim, dueInMs: LEASE_MS }));
    const done = await tryPoll(parts, subscription, { claim, startedAt, signal });
    const kept = 'checkpoint' in done ? await store.commitPoll(done) : await store.releasePoll(done);
    const outcome = kept ? outcomeOf(done) : 'fenced';
    metrics.polls.add(outcome);
    metrics.pollTime.observe((clock.now() - startedAt) / 1000);
    if (outcome === 'committed') log({ level: 'debug', event: 'worker.poll', fields });
    else log({ level: 'warn', event: `worker.poll-${outcome}`, fields: { ...fields, ...codeOf(done) } });
  } catch (error) {
    metrics.polls.add('unsaved');
    const code = (error as { code?: string }).code ?? 'UNEXPECTED';
    log({ level: 'error', event: 'worker.poll-unsaved', fields: { ...fields, code } });
  }
}

async function tryPoll(
  { store, clock, random, poll }: WorkerParts,
  subscription: Subscription,
  { claim, startedAt, signal }: { claim: Claim; startedAt: number; signal: AbortSignal },
): Promise<FinishedPoll | UnfinishedPoll> {
  const buffer = bufferWrites(store.state);
  try {
    const news = await poll(subscription, { checkpoint: claim.checkpoint, store: buffer, signal });
    const beat = { everyMs: subscription.everyMs, spentMs: clock.now() - startedAt };
    const dueInMs = news.more ? 0 : nextDueInMs(beat, claim, random);
    return { claim, events: news.events, checkpoint: news.checkpoint, writes: buffer.writes, dueInMs };
  } catch (error) {
    // Stopping is nobody's failure: whoever comes next polls at once.
    return signal.aborted ? { claim, dueInMs: 0 } : afterFailure(claim, error, random);
  }
}

function outcomeOf(done: FinishedPoll | UnfinishedPoll): 'committed' | 'returned' | 'failed' {
  if ('checkpoint' in done) return 'committed';
  return done.failure === undefined ? 'returned' : 'failed';
}

function codeOf(done: FinishedPoll | UnfinishedPoll): { code?: string } {
  return 'failure' in done && done.failure !== undefined ? { code: done.failure.code } : {};
}
