import type { Postgres, Sql } from 'dynamics365-connector/node';
import { parseCheckpoint, parseFailure } from '../parse-stored.ts';
import {
  type Claim,
  type ClaimLimits,
  leaseDurationMs,
  maxConnectionBlockMs,
  type SubscriptionOrigin,
} from '../worker-store.ts';
import type { PollJob, PollQueue, ScheduledPoll } from './poll-queue.ts';

/** A locked row of a connection. */
interface ConnectionRow {
  readonly name: string;
  readonly blocked_ms: number;
  /** The feeds that are being polled. */
  readonly busy: readonly string[];
}

interface FeedRow {
  readonly feed: string;
  readonly origin: SubscriptionOrigin;
  readonly connection: string;
  /** Time until the first subscription is due; null if all are paused or inactive. */
  readonly due_in: number | null;
}

/** The due feeds that are polled now, and those that are polled later. Feeds without active subscriptions are in neither list. */
export interface ConnectionLimitDecision {
  readonly admitted: readonly string[];
  readonly deferred: readonly ScheduledPoll[];
}

/** About the duration of a poll. Polls over the limit of a connection are deferred by one step for each full round. */
const deferStepMs = 500;

/** The clock of the job and that of the subscription differ by the duration of a transaction. */
const toleranceMs = 1000;

/** Applies the limits of connections to feeds, and polls each feed once at a time. Pure. */
export function applyConnectionLimits(
  feeds: readonly FeedRow[],
  connections: readonly ConnectionRow[],
  maxPerConnection: number,
): ConnectionLimitDecision {
  const limits = new Map(connections.map((row) => [row.name, createConnectionLimit(row, maxPerConnection)]));
  const admitted: string[] = [];
  const deferred: ScheduledPoll[] = [];
  for (const { feed, origin, connection, due_in } of feeds) {
    if (due_in === null) continue;
    const dueInMs = due_in > toleranceMs ? due_in : (limits.get(connection)?.(feed) ?? 0);
    if (dueInMs === 0) admitted.push(feed);
    else deferred.push({ feed, origin, dueInMs });
  }
  return { admitted, deferred };
}

/** Decides when a feed of a connection is polled: 0 is now. */
function createConnectionLimit(
  { busy, blocked_ms }: ConnectionRow,
  maxPerConnection: number,
): (feed: string) => number {
  const busyFeeds = new Set(busy);
  let count = busy.length;
  return (feed) => {
    if (blocked_ms > 0) return blocked_ms;
    if (busyFeeds.has(feed)) return deferStepMs;
    return Math.floor(count++ / maxPerConnection) * deferStepMs;
  };
}

/** Claims due feeds in one transaction, which locks the rows of their connections. */
export async function claimDuePolls(
  postgres: Postgres,
  queue: PollQueue,
  { maxClaims, maxPerConnection, origins }: ClaimLimits,
): Promise<readonly Claim[]> {
  return await postgres.transaction(async (sql) => {
    const dueJobs = await queue.fetch(sql, maxClaims, origins);
    if (dueJobs.length === 0) return [];
    const names = dueJobs.map(({ feed }) => feed);
    const connections = await sql.query<ConnectionRow>(lockConnectionsSql, [
      names,
      maxConnectionBlockMs,
      leaseDurationMs,
    ]);
    const feeds = await sql.query<FeedRow>(readFeedsSql, [names]);
    const { admitted, deferred } = applyConnectionLimits(feeds, connections, maxPerConnection);
    const jobs = new Map(dueJobs.map(({ feed, jobId }) => [feed, jobId]));
    const admittedFeeds = new Set(admitted);
    await queue.remove(
      sql,
      dueJobs.filter(({ feed }) => !admittedFeeds.has(feed)).map(({ jobId }) => jobId),
    );
    await queue.schedule(sql, deferred);
    return await takeLeases(sql, admitted, jobs);
  });
}

const lockConnectionsSql = `
  SELECT name,
    CASE WHEN blocked_until > now() + $2 * interval '1 ms' THEN 0
      ELSE coalesce(greatest(0, 1000 * extract(epoch FROM blocked_until - now())), 0) END::float8 AS blocked_ms,
    ARRAY(
      SELECT DISTINCT b.feed FROM d365.subscription b
      WHERE b.connection = name AND b.leased_until > now() AND b.leased_until <= now() + $3 * interval '1 ms'
    ) AS busy
  FROM d365.connection
  WHERE name IN (SELECT connection FROM d365.subscription WHERE feed = ANY($1))
  ORDER BY name FOR UPDATE`;

const readFeedsSql = `
  SELECT feed, min(origin) AS origin, connection, (1000 * extract(epoch FROM min(next_due_at)
    FILTER (WHERE NOT inactive AND paused_by IS NULL) - now()))::float8 AS due_in
  FROM d365.subscription WHERE feed = ANY($1)
  GROUP BY feed, connection ORDER BY due_in`;

/** Subscriptions that are due within half of their interval are polled too, so that one read serves all of them. */
const takeLeasesSql = `
  UPDATE d365.subscription SET epoch = epoch + 1, leased_until = now() + $2 * interval '1 ms'
  WHERE feed = ANY($1) AND NOT inactive AND paused_by IS NULL AND (next_due_at <= now() + $3 * interval '1 ms'
    OR (failures = 0 AND next_due_at <= now() + coalesce(interval_ms, every_ms) / 2 * interval '1 ms'))
  RETURNING id, feed, epoch, checkpoint, failures, failure, resumed,
    (1000 * extract(epoch FROM now() - next_due_at))::float8 AS late_ms, wakes::float8,
    (1000 * extract(epoch FROM coalesce(woken_from, next_due_at) - now()))::float8 AS scheduled_in,
    coalesce(interval_ms, every_ms) AS interval_ms,
    (SELECT count(*) FROM d365.outbox o WHERE o.subscription = id)::int AS outboxed`;

interface LeasedRow {
  readonly id: string;
  readonly feed: string;
  readonly epoch: string;
  readonly checkpoint: string | null;
  readonly failures: number;
  readonly failure: string | null;
  readonly resumed: boolean;
  readonly late_ms: number;
  readonly wakes: number;
  readonly scheduled_in: number;
  readonly interval_ms: number;
  readonly outboxed: number;
}

async function takeLeases(
  sql: Sql,
  feeds: readonly string[],
  jobs: ReadonlyMap<string, PollJob['jobId']>,
): Promise<readonly Claim[]> {
  if (feeds.length === 0) return [];
  const rows = await sql.query<LeasedRow>(takeLeasesSql, [feeds, leaseDurationMs, toleranceMs]);
  return rows.map((row) => toClaim(row, jobs.get(row.feed)));
}

function toClaim(row: LeasedRow, jobId: PollJob['jobId'] | undefined): Claim {
  const { id, feed, epoch, checkpoint, failures, failure, resumed, outboxed, wakes } = row;
  return {
    subscription: id,
    feed,
    epoch: Number(epoch),
    failures,
    failure: failure === null ? undefined : parseFailure(failure),
    lateMs: Math.max(0, row.late_ms),
    wakes,
    scheduledInMs: row.scheduled_in,
    intervalMs: row.interval_ms,
    outboxed,
    resumed,
    jobId,
    ...parseCheckpoint(checkpoint ?? undefined),
  };
}
