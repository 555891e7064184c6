import type { LogEvent } from 'dynamics365-connector';
import { omitUndefined, toLogFields, type WorkOutcome } from 'dynamics365-connector/host';
import { createBufferedStore } from './buffered-store.ts';
import {
  dueAfterWakeMs,
  nextDueInMs,
  toFailureRelease,
  toFullOutboxRelease,
  toUnreadableRelease,
} from './next-poll.ts';
import { originsOf } from './origins-of.ts';
import { createOutboxLimit } from './outbox-limit.ts';
import { runLoop } from './run-loop.ts';
import type { DuePoll, PollInput, PollOutcome, Subscription } from './subscription.ts';
import type { WorkerLimits, WorkerOptions } from './worker-options.ts';
import { WorkerPool } from './worker-pool.ts';
import {
  type Claim,
  isPollCommit,
  type PollCommit,
  type PollRelease,
  unknownRetryMs,
} from './worker-store.ts';

/** How often the store is asked for due polls while there are none. */
const claimIntervalMs = 200;

/** Runs due polls until the signal aborts, then releases running polls. */
export async function runPollLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, limits } = options;
  const pool = new WorkerPool(limits.maxPolls);
  const activeClaims = new Set<Claim>();
  const checkOutbox = createOutboxLimit(options);
  const renewal = runLoop(
    options,
    { everyMs: store.leaseMs / 3, failureEvent: 'worker.renew', signal },
    async () => {
      if (activeClaims.size > 0) await store.renewLeases([...activeClaims]);
    },
  );
  await runLoop(options, { everyMs: claimIntervalMs, failureEvent: 'worker.claim', signal }, async () => {
    await pool.waitForCapacity();
    const origins = originsOf(options.subscriptions);
    if (origins.length === 0) return false;
    const isOutboxFull = await checkOutbox();
    const maxClaims = pool.available;
    const { maxPollsPerConnection: maxPerConnection } = limits;
    const claims = await store.claimDuePolls({ maxClaims, maxPerConnection, origins });
    const feeds = groupByFeed(claims);
    for (const feed of feeds) {
      for (const claim of feed) activeClaims.add(claim);
      pool.start(() =>
        observePoll(options, feed, (trace) =>
          pollFeed(options, feed, { signal, isOutboxFull, trace }),
        ).finally(() => {
          for (const claim of feed) activeClaims.delete(claim);
        }),
      );
    }
    return feeds.length === maxClaims;
  });
  await pool.waitForIdle();
  await renewal;
}

function groupByFeed(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  const feeds = new Map<string, Claim[]>();
  for (const claim of claims) feeds.set(claim.feed, [...(feeds.get(claim.feed) ?? []), claim]);
  return [...feeds.values()];
}

/** The poll of a feed as one span: its name is the table, without the name of the connection. */
async function observePoll(
  { telemetry }: WorkerOptions,
  [claim]: readonly Claim[],
  poll: (trace: string | undefined) => Promise<PollReport>,
): Promise<void> {
  const operation = claim?.feed.slice(claim.feed.indexOf('/') + 1) ?? '';
  if (telemetry === undefined) return void (await poll(undefined));
  const span = telemetry.start({ kind: 'poll', operation });
  span.end(await span.run(() => poll(span.headers().traceparent)));
}

/** How a poll ended: the number of its events, or the code of an error. */
type PollReport = Pick<WorkOutcome, 'count' | 'error'>;

/** Polls the due subscriptions of a feed, from their claims to their commit. If the store fails, the claims expire. */
async function pollFeed(
  options: WorkerOptions,
  claims: readonly Claim[],
  { trace, ...state }: Pick<FeedPoll, 'signal' | 'isOutboxFull'> & { readonly trace: string | undefined },
): Promise<PollReport> {
  const { store, clock, log, metrics } = options;
  const startedAt = clock.now();
  try {
    for (const { lateMs } of claims) metrics.pollLateness.observe(lateMs / 1000);
    const buffer = createBufferedStore(store.state);
    // Subscriptions of a feed keep the same times, so that one read serves all of them.
    const jitter = options.random();
    const aligned = { ...options, random: () => jitter };
    const ended = await endClaims(aligned, claims, { ...state, store: buffer, startedAt });
    const results = ended.map(({ result }) => withTrace(result, trace));
    const accepted = await store.commitPolls({ results, writes: buffer.writes });
    metrics.pollDuration.observe((clock.now() - startedAt) / 1000);
    for (const each of ended) reportPoll(options, each, accepted);
    return toPollReport(results, accepted);
  } catch (error) {
    for (const { subscription } of claims) {
      metrics.polls.add('unsaved');
      const fields = { subscription, ...toLogFields(error) };
      log({ level: 'error', event: 'worker.poll-unsaved', fields });
    }
    return { error: toLogFields(error).code };
  }
}

/** The deliveries of its events link to the poll. */
function withTrace(result: PollCommit | PollRelease, trace: string | undefined): PollCommit | PollRelease {
  if (trace === undefined || !isPollCommit(result)) return result;
  return { ...result, events: result.events.map((event) => ({ ...event, trace })) };
}

function toPollReport(results: readonly (PollCommit | PollRelease)[], accepted: boolean): PollReport {
  if (!accepted) return { error: 'fenced' };
  const commits = results.filter(isPollCommit);
  const error = results
    .map((result) => ('failure' in result ? result.failure?.code : undefined))
    .find(Boolean);
  return omitUndefined({ count: commits.reduce((sum, { events }) => sum + events.length, 0), error });
}

/** The end of a claim. `cause`: the log fields of its error. */
interface EndedPoll {
  readonly result: PollCommit | PollRelease;
  readonly cause?: LogEvent['fields'];
}

interface FeedPoll extends PollInput {
  readonly startedAt: number;
  /** The outbox of all subscriptions has as many events as it may. */
  readonly isOutboxFull: boolean;
}

/** Polls the subscriptions of the claims that can be polled. */
async function endClaims(
  options: WorkerOptions,
  claims: readonly Claim[],
  poll: FeedPoll,
): Promise<readonly EndedPoll[]> {
  const ended: EndedPoll[] = [];
  const due: (DuePoll & { readonly claim: Claim })[] = [];
  for (const claim of claims) {
    const subscription = options.subscriptions.get(claim.subscription);
    const release = findObstacle(claim, subscription, { ...options.limits, isOutboxFull: poll.isOutboxFull });
    if (release !== undefined) ended.push(describeRelease(release));
    else if (subscription !== undefined) {
      const { checkpoint, resumed: isResumed } = claim;
      due.push({ claim, subscription, checkpoint, isResumed });
    }
  }
  const isWoken = due.every(isOnlyWoken);
  const outcomes = due.length === 0 ? [] : await pollDue(options, due, { ...poll, isWoken });
  return [...ended, ...due.map((each, at) => toEndedPoll(options, each, { outcome: outcomes[at], poll }))];
}

/** Whether a webhook made the subscription due, and not its schedule. Others of the feed come along before they are due. */
function isOnlyWoken({ claim }: { readonly claim: Claim }): boolean {
  return claim.scheduledInMs > 0 && claim.checkpoint !== undefined && claim.resumed !== true;
}

/** A poll that did not start. */
function describeRelease(result: PollRelease): EndedPoll {
  return { result, cause: omitUndefined({ reason: result.failure?.message }) };
}

/** Why a subscription is not polled now. */
function findObstacle(
  claim: Claim,
  subscription: Subscription | undefined,
  { maxOutboxEvents, maxTotalOutboxEvents, isOutboxFull }: WorkerLimits & Pick<FeedPoll, 'isOutboxFull'>,
): PollRelease | undefined {
  if (subscription === undefined) return { claim, dueInMs: unknownRetryMs };
  if (claim.unreadable) return toUnreadableRelease(claim);
  const { everyMs } = subscription;
  if (claim.outboxed >= maxOutboxEvents) {
    const events = `${claim.outboxed} events wait for delivery or are dead letters (limit: ${maxOutboxEvents})`;
    return toFullOutboxRelease(claim, { everyMs, events });
  }
  if (!isOutboxFull) return undefined;
  const events = `At least ${maxTotalOutboxEvents} events of all subscriptions wait for delivery or are dead letters`;
  return toFullOutboxRelease(claim, { everyMs, events });
}

async function pollDue(
  { poll, unblock }: WorkerOptions,
  due: readonly (DuePoll & { readonly claim: Claim })[],
  { store, signal, isWoken }: FeedPoll,
): Promise<readonly PollOutcome[]> {
  try {
    for (const { claim, subscription } of due) if (claim.resumed) await unblock?.(subscription);
    return await poll(due, { store, signal, isWoken });
  } catch (error) {
    return due.map(() => ({ error }));
  }
}

function toEndedPoll(
  { clock, random }: WorkerOptions,
  { claim, subscription }: DuePoll & { readonly claim: Claim },
  { outcome, poll }: { readonly outcome: PollOutcome | undefined; readonly poll: FeedPoll },
): EndedPoll {
  if (outcome === undefined || 'error' in outcome) {
    // A poll that the worker stops has not failed: another worker can run it at once.
    if (poll.signal.aborted) return { result: { claim, dueInMs: 0 } };
    const error = outcome?.error;
    return { result: toFailureRelease(claim, error, random), cause: { ...toLogFields(error) } };
  }
  const { events, checkpoint, hasMore, feedState, push, newest } = outcome;
  const elapsedMs = clock.now() - poll.startedAt;
  const { everyMs } = subscription;
  // Without a problem, webhooks tell of changes, and the polls only look for what these have missed.
  const isStretched = newest === undefined && push !== undefined && push.problem === undefined;
  const intervalMs = isStretched ? Math.max(everyMs, subscription.push?.everyMs ?? 0) : everyMs;
  const dueInMs =
    newest === undefined
      ? nextDueInMs({ everyMs: intervalMs, elapsedMs }, claim, random)
      : dueAfterWakeMs({ everyMs, elapsedMs, found: newest }, claim);
  return {
    result: { claim, events, checkpoint, dueInMs: hasMore ? 0 : dueInMs, intervalMs, feedState, push },
  };
}

function reportPoll({ log, metrics }: WorkerOptions, { result, cause }: EndedPoll, accepted: boolean): void {
  const outcome = accepted ? pollOutcome(result) : 'fenced';
  metrics.polls.add(outcome);
  const code = 'failure' in result ? result.failure?.code : undefined;
  const fields = { ...omitUndefined({ subscription: result.claim.subscription, code }), ...cause };
  const isPaused = 'pauseReason' in result && result.pauseReason !== undefined;
  if (outcome === 'committed') log({ level: 'debug', event: 'worker.poll', fields });
  else if (isPaused) log({ level: 'error', event: 'worker.subscription-paused', fields });
  else log({ level: 'warn', event: `worker.poll-${outcome}`, fields });
}

function pollOutcome(result: PollCommit | PollRelease): 'committed' | 'released' | 'failed' {
  if (isPollCommit(result)) return 'committed';
  return result.failure === undefined ? 'released' : 'failed';
}
