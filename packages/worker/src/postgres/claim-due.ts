import type { Postgres, Sql } from 'dynamics365-connector/node';
import { type Claim, type ClaimLimits, leaseDurationMs } from '../worker-store.ts';
import type { PollJob, PollQueue, ScheduledPoll } from './poll-queue.ts';

/** A locked row of a connection. */
interface ConnectionRow {
  readonly name: string;
  readonly blocked_ms: number;
  readonly busy: number;
}

interface SubscriptionRow {
  readonly id: string;
  readonly connection: string;
  /** Paused or inactive. */
  readonly idle: boolean;
}

/** The due polls that start now, and those that start later. Polls of idle subscriptions are in neither list. */
export interface ConnectionLimitDecision {
  readonly admitted: readonly string[];
  readonly deferred: readonly ScheduledPoll[];
}

/** About the duration of a poll. Polls over the limit of a connection are deferred by one step for each full round. */
const deferStepMs = 500;

/** Applies the limits of connections to due polls. Pure. */
export function applyConnectionLimits(
  subscriptions: readonly SubscriptionRow[],
  connections: readonly ConnectionRow[],
  maxPerConnection: number,
): ConnectionLimitDecision {
  const busyCounts = new Map(connections.map(({ name, busy }) => [name, busy]));
  const blockedMs = new Map(connections.map((row) => [row.name, row.blocked_ms]));
  const admitted: string[] = [];
  const deferred: ScheduledPoll[] = [];
  for (const { id, connection, idle } of subscriptions) {
    if (idle) continue;
    const busyCount = busyCounts.get(connection) ?? 0;
    const waitMs = blockedMs.get(connection) ?? 0;
    if (waitMs > 0) deferred.push({ subscription: id, dueInMs: waitMs });
    else {
      busyCounts.set(connection, busyCount + 1);
      if (busyCount < maxPerConnection) admitted.push(id);
      else
        deferred.push({ subscription: id, dueInMs: Math.floor(busyCount / maxPerConnection) * deferStepMs });
    }
  }
  return { admitted, deferred };
}

/** Claims due polls in one transaction, which locks the rows of their connections. */
export async function claimDuePolls(
  postgres: Postgres,
  queue: PollQueue,
  { maxClaims, maxPerConnection }: ClaimLimits,
): Promise<readonly Claim[]> {
  return await postgres.transaction(async (sql) => {
    const dueJobs = await queue.fetch(sql, maxClaims);
    if (dueJobs.length === 0) return [];
    const ids = dueJobs.map(({ subscription }) => subscription);
    const connections = await sql.query<ConnectionRow>(lockConnectionsSql, [ids]);
    const subscriptions = await sql.query<SubscriptionRow>(readSubscriptionsSql, [ids]);
    const { admitted, deferred } = applyConnectionLimits(subscriptions, connections, maxPerConnection);
    const jobs = new Map(dueJobs.map(({ subscription, jobId }) => [subscription, jobId]));
    const admittedIds = new Set(admitted);
    await queue.remove(
      sql,
      dueJobs.filter((dueJob) => !admittedIds.has(dueJob.subscription)).map(({ jobId }) => jobId),
    );
    await queue.schedule(sql, deferred);
    return await takeLeases(sql, admitted, jobs);
  });
}

const lockConnectionsSql = `
  SELECT name,
    coalesce(greatest(0, 1000 * extract(epoch FROM blocked_until - now())), 0)::float8 AS blocked_ms,
    (SELECT count(*) FROM d365.subscription b WHERE b.connection = name AND b.leased_until > now())::int AS busy
  FROM d365.connection
  WHERE name IN (SELECT connection FROM d365.subscription WHERE id = ANY($1))
  ORDER BY name FOR UPDATE`;

const readSubscriptionsSql = `
  SELECT id, connection, inactive OR paused_by IS NOT NULL AS idle
  FROM d365.subscription WHERE id = ANY($1) ORDER BY next_due_at`;

const takeLeasesSql = `
  UPDATE d365.subscription SET epoch = epoch + 1, leased_until = now() + $2 * interval '1 ms'
  WHERE id = ANY($1)
  RETURNING id, epoch, checkpoint, failures, (1000 * extract(epoch FROM now() - next_due_at))::float8 AS late_ms`;

interface LeasedRow {
  readonly id: string;
  readonly epoch: string;
  readonly checkpoint: string | null;
  readonly failures: number;
  readonly late_ms: number;
}

async function takeLeases(
  sql: Sql,
  ids: readonly string[],
  jobs: ReadonlyMap<string, PollJob['jobId']>,
): Promise<readonly Claim[]> {
  if (ids.length === 0) return [];
  const rows = await sql.query<LeasedRow>(takeLeasesSql, [ids, leaseDurationMs]);
  return rows.map(({ id, epoch, checkpoint, failures, late_ms }) => ({
    subscription: id,
    epoch: Number(epoch),
    failures,
    lateMs: Math.max(0, late_ms),
    jobId: jobs.get(id),
    checkpoint: checkpoint === null ? undefined : JSON.parse(checkpoint),
  }));
}
