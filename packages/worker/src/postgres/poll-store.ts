import { ConnectorError } from 'dynamics365-connector';
import type { Postgres, Sql } from 'dynamics365-connector/node';
import { writeEntries } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { toStoredItem } from '../parse-stored.ts';
import {
  type Claim,
  type FeedCommit,
  isPollCommit,
  leaseDurationMs,
  maxConnectionBlockMs,
  minWakeGapMs,
  type PollCommit,
  type PollRelease,
  type WorkerStore,
} from '../worker-store.ts';
import { claimDuePolls } from './claim-due.ts';
import type { PollQueue } from './poll-queue.ts';
import { scheduleFeeds } from './schedule-feeds.ts';
import { wakeFailing } from './wake-failing.ts';

type PollStore = Pick<WorkerStore, 'claimDuePolls' | 'renewLeases' | 'commitPolls' | 'wake'>;

/**
 * Claims and commits polls in PostgreSQL. Events, checkpoint, state, the end of the job and the next job are stored in
 * one transaction, which polls that end at the same time share.
 */
export function createPostgresPollStore(postgres: Postgres, queue: PollQueue): PollStore {
  return {
    claimDuePolls: (limits) => claimDuePolls(postgres, queue, limits),
    async renewLeases(claims) {
      const ids = claims.map(({ subscription }) => subscription);
      const epochs = claims.map(({ epoch }) => epoch);
      const renewed = await postgres.query<{ id: string }>(renewLeasesSql, [ids, epochs, leaseDurationMs]);
      const renewedIds = new Set(renewed.map(({ id }) => id));
      const jobs = claims.filter(({ subscription }) => renewedIds.has(subscription)).map(jobIdOf);
      await queue.touch([...new Set(jobs)]);
    },
    wake: (subscriptions) => postgres.transaction((sql) => wakeSubscriptions(sql, queue, subscriptions)),
    // The parameters of a statement are copied several times on their way to the database.
    commitPolls: batchCalls((commits) => postgres.transaction((sql) => commitFeeds(sql, queue, commits)), {
      maxWeight: maxWrites,
      weigh: countWrites,
    }),
  };
}

/** Rows that one transaction writes. */
const maxWrites = 500;

function countWrites({ results, writes }: FeedCommit): number {
  const events = results.map((result) => (isPollCommit(result) ? result.events.length : 0));
  return writes.size + results.length + events.reduce((sum, count) => sum + count, 0);
}

function jobIdOf({ jobId }: Claim): string {
  if (jobId !== undefined) return jobId;
  throw new ConnectorError('STORE_FAILED', 'The claim is not from this store.');
}

// In the order of ids, which prevents deadlocks with commits.
const wakeSql = `
  WITH woken AS (
    SELECT s.id FROM d365.subscription s
    WHERE s.id = ANY($1) AND NOT s.inactive AND s.paused_by IS NULL AND s.failures = 0
    ORDER BY s.id FOR UPDATE OF s
  )
  UPDATE d365.subscription s SET wakes = wakes + 1, woken_from = coalesce(s.woken_from, s.next_due_at),
    scheduled_at = now(), next_due_at = least(s.next_due_at,
      greatest(now(), coalesce(s.polled_at, to_timestamp(0)) + ${minWakeGapMs} * interval '1 ms'))
  FROM woken WHERE s.id = woken.id
  RETURNING s.feed`;

async function wakeSubscriptions(
  sql: Sql,
  queue: PollQueue,
  subscriptions: readonly string[],
): Promise<void> {
  const rows = await sql.query<{ feed: string }>(wakeSql, [subscriptions]);
  // The commit of a running poll schedules its feed.
  if (rows.length > 0) await scheduleFeeds(sql, queue, [...new Set(rows.map(({ feed }) => feed))]);
}

// Rows that a commit has locked are skipped: they need no renewal.
const renewLeasesSql = `
  WITH held AS (
    SELECT s.id FROM d365.subscription s
    JOIN unnest($1::text[], $2::bigint[]) AS claim (id, epoch) ON s.id = claim.id AND s.epoch = claim.epoch
    FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE d365.subscription s SET leased_until = now() + $3 * interval '1 ms'
  FROM held WHERE s.id = held.id
  RETURNING s.id`;

// A commit increases the epoch, so that the same claim cannot be committed twice.
const commitPollsSql = `
  UPDATE d365.subscription s SET
    checkpoint = done.checkpoint, epoch = s.epoch + 1, leased_until = NULL,
    next_due_at = now() + CASE WHEN s.wakes = done.wakes THEN done.due_in ELSE least(done.due_in, ${minWakeGapMs}) END
      * interval '1 ms',
    woken_from = CASE WHEN s.wakes = done.wakes THEN NULL ELSE now() + done.due_in * interval '1 ms' END,
    interval_ms = done.interval_ms, push = done.push, scheduled_at = now(), polled_at = now(),
    failure = NULL, failures = 0, resumed = false, polls = polls + 1, events = s.events + done.events, feed_state = done.feed_state
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::int[], $6::text[], $7::bigint[], $8::float8[], $9::text[])
    AS done (id, epoch, checkpoint, due_in, events, feed_state, wakes, interval_ms, push)
  WHERE s.id = done.id AND s.epoch = done.epoch`;

async function commitFeeds(
  sql: Sql,
  queue: PollQueue,
  commits: readonly FeedCommit[],
): Promise<readonly boolean[]> {
  // The connections first: a claim locks in the same order, which prevents deadlocks.
  await blockConnections(sql, commits);
  const valid = await lockClaims(sql, commits);
  const isValid = ({ results }: FeedCommit) => results.every(({ claim }) => valid.has(claimKey(claim)));
  const accepted = commits.filter(isValid);
  const results = accepted.flatMap((commit) => commit.results);
  const committed = results.filter(isPollCommit);
  const released = results.filter((result) => !isPollCommit(result));
  await updateSubscriptions(sql, committed);
  await releaseClaims(sql, released);
  await insertEvents(sql, committed);
  await writeEntries(sql, new Map(accepted.flatMap(({ writes }) => [...writes])));
  await queue.remove(sql, [...new Set(results.map(({ claim }) => jobIdOf(claim)))]);
  await scheduleFeeds(sql, queue, [...new Set(results.map(({ claim }) => claim.feed))]);
  const recovered = committed.filter(({ claim }) => claim.failures > 0);
  await wakeFailing(
    sql,
    queue,
    recovered.map(({ claim }) => claim.subscription),
  );
  return commits.map(isValid);
}

function claimKey({ subscription, epoch }: Pick<Claim, 'subscription' | 'epoch'>): string {
  return `${epoch} ${subscription}`;
}

const lockClaimsSql = `
  SELECT s.id AS subscription, s.epoch::float8 FROM d365.subscription s
  JOIN unnest($1::text[], $2::bigint[]) AS claim (id, epoch) ON s.id = claim.id AND s.epoch = claim.epoch
  ORDER BY s.id FOR UPDATE OF s`;

/** Locks the subscriptions whose claims are still valid, and returns the keys of these claims. */
async function lockClaims(sql: Sql, commits: readonly FeedCommit[]): Promise<ReadonlySet<string>> {
  const claims = commits.flatMap(({ results }) => results.map(({ claim }) => claim));
  const rows = await sql.query<Pick<Claim, 'subscription' | 'epoch'>>(lockClaimsSql, [
    claims.map(({ subscription }) => subscription),
    claims.map(({ epoch }) => epoch),
  ]);
  return new Set(rows.map(claimKey));
}

/** Updates the subscriptions of successful polls. */
async function updateSubscriptions(sql: Sql, polls: readonly PollCommit[]): Promise<void> {
  if (polls.length === 0) return;
  await sql.query(commitPollsSql, [
    polls.map(({ claim }) => claim.subscription),
    polls.map(({ claim }) => claim.epoch),
    polls.map(({ checkpoint }) => JSON.stringify(checkpoint)),
    polls.map(({ dueInMs }) => dueInMs),
    polls.map(({ events }) => events.length),
    polls.map(({ feedState }) => (feedState === undefined ? null : JSON.stringify(feedState))),
    polls.map(({ claim }) => claim.wakes),
    polls.map(({ intervalMs }) => intervalMs ?? null),
    polls.map(({ push }) => (push === undefined ? null : JSON.stringify(push))),
  ]);
}

async function insertEvents(sql: Sql, polls: readonly PollCommit[]): Promise<void> {
  const rows = polls.flatMap(({ claim, events }) =>
    events.map((event) => ({ ...event, id: claim.subscription })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO d365.outbox (subscription, target, record, item)
     SELECT s.id, s.target, o.record, o.item
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS o (subscription, record, item, position)
     JOIN d365.subscription s ON s.id = o.subscription
     ORDER BY o.position`,
    [rows.map(({ id }) => id), rows.map(({ rowId }) => rowId), rows.map(toStoredItem)],
  );
}

const releasePollsSql = `
  UPDATE d365.subscription s SET
    epoch = s.epoch + 1, leased_until = NULL, next_due_at = now() + ended.due_in * interval '1 ms', woken_from = NULL,
    scheduled_at = now(), resumed = false, paused_by = coalesce(paused_by, ended.pause),
    failure = coalesce(ended.failure, s.failure), failures = failures + (ended.failure IS NOT NULL)::int
  FROM unnest($1::text[], $2::bigint[], $3::float8[], $4::text[], $5::text[])
    AS ended (id, epoch, due_in, pause, failure)
  WHERE s.id = ended.id AND s.epoch = ended.epoch`;

/** Updates the subscriptions of failed and stopped polls. */
async function releaseClaims(sql: Sql, polls: readonly PollRelease[]): Promise<void> {
  if (polls.length === 0) return;
  await sql.query(releasePollsSql, [
    polls.map(({ claim }) => claim.subscription),
    polls.map(({ claim }) => claim.epoch),
    polls.map(({ dueInMs }) => dueInMs),
    polls.map(({ pauseReason }) => pauseReason ?? null),
    polls.map(({ failure }) => (failure === undefined ? null : JSON.stringify(failure))),
  ]);
}

const blockConnectionsSql = `
  WITH blocked AS (
    SELECT s.connection AS name, max(ended.block) AS block
    FROM unnest($1::text[], $2::bigint[], $3::float8[]) AS ended (id, epoch, block)
    JOIN d365.subscription s ON s.id = ended.id AND s.epoch = ended.epoch
    GROUP BY s.connection
  ), locked AS (
    SELECT c.name, blocked.block FROM d365.connection c JOIN blocked ON blocked.name = c.name
    ORDER BY c.name FOR UPDATE OF c
  )
  UPDATE d365.connection c SET blocked_until = least(
    greatest(c.blocked_until, now() + locked.block * interval '1 ms'), now() + $4 * interval '1 ms')
  FROM locked WHERE c.name = locked.name`;

async function blockConnections(sql: Sql, commits: readonly FeedCommit[]): Promise<void> {
  const blocks = commits.flatMap(({ results }) =>
    results.flatMap((result) => {
      const blockMs = isPollCommit(result) ? undefined : result.blockConnectionMs;
      return blockMs === undefined ? [] : [{ claim: result.claim, blockMs }];
    }),
  );
  if (blocks.length === 0) return;
  await sql.query(blockConnectionsSql, [
    blocks.map(({ claim }) => claim.subscription),
    blocks.map(({ claim }) => claim.epoch),
    blocks.map(({ blockMs }) => Math.min(blockMs, maxConnectionBlockMs)),
    maxConnectionBlockMs,
  ]);
}
