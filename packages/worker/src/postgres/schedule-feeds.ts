import type { Sql } from 'dynamics365-connector/node';
import type { SubscriptionOrigin } from '../worker-store.ts';
import { type PollQueue, pollQueueName, pollQueueSchema } from './poll-queue.ts';

/** The due time of each feed is that of its first due subscription. */
const dueFeedsSql = `
  SELECT feed, min(origin) AS origin, min(next_due_at) AS due_at FROM d365.subscription
  WHERE NOT inactive AND paused_by IS NULL AND ($1::text[] IS NULL OR feed = ANY($1))
  GROUP BY feed`;

const isLiveJob = `
  j.name = '${pollQueueName}' AND coalesce(j.singleton_key, '') = due.feed
  AND j.state <= 'active' AND j.policy = 'exclusive'`;

const dueInSql = '(1000 * extract(epoch FROM due.due_at - now()))::float8 AS due_in';

const unscheduledSql = `
  SELECT due.feed, due.origin, ${dueInSql} FROM (${dueFeedsSql}) due
  WHERE NOT EXISTS (SELECT 1 FROM ${pollQueueSchema}.job j WHERE ${isLiveJob})`;

// Jobs that a claim or a commit has locked are skipped: it schedules the feed itself.
const scheduledLateSql = `
  SELECT due.feed, ${dueInSql}, j.id AS job
  FROM (${dueFeedsSql}) due JOIN ${pollQueueSchema}.job j ON ${isLiveJob}
  WHERE j.state < 'active' AND j.start_after > due.due_at + interval '1 second'
  FOR UPDATE OF j SKIP LOCKED`;

interface FeedRow {
  readonly feed: string;
  readonly origin: SubscriptionOrigin;
  readonly due_in: number;
}

/**
 * Schedules feeds without a job, and those whose job is later than their first due subscription.
 *
 * @param feeds Default: all feeds.
 * @returns the number of scheduled feeds
 */
export async function scheduleFeeds(sql: Sql, queue: PollQueue, feeds?: readonly string[]): Promise<number> {
  const late = await sql.query<FeedRow & { readonly job: string }>(scheduledLateSql, [feeds ?? null]);
  await queue.remove(
    sql,
    late.map(({ job }) => job),
  );
  const unscheduled = await sql.query<FeedRow>(unscheduledSql, [feeds ?? null]);
  await queue.schedule(
    sql,
    unscheduled.map(({ feed, origin, due_in }) => ({ feed, origin, dueInMs: due_in })),
  );
  return unscheduled.length;
}
