import { ConnectorError } from 'dynamics365-connector';
import type { Postgres, Sql } from 'dynamics365-connector/node';
import { writeEntries } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import {
  type Claim,
  leaseDurationMs,
  type PollCommit,
  type PollRelease,
  type WorkerStore,
} from '../worker-store.ts';
import { claimDuePolls } from './claim-due.ts';
import type { PollQueue } from './poll-queue.ts';
import { wakeFailing } from './wake-failing.ts';

type PollStore = Pick<WorkerStore, 'claimDuePolls' | 'renewLeases' | 'commitPoll' | 'releasePoll'>;

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
      await queue.touch(claims.filter(({ subscription }) => renewedIds.has(subscription)).map(jobIdOf));
    },
    commitPoll: batchCalls((polls) => postgres.transaction((sql) => commitPolls(sql, queue, polls))),
    releasePoll: (poll) => postgres.transaction((sql) => releasePoll(sql, queue, poll)),
  };
}

function jobIdOf({ jobId }: Claim): string {
  if (jobId !== undefined) return jobId;
  throw new ConnectorError('STORE_FAILED', 'The claim is not from this store.');
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
    next_due_at = now() + done.due_in * interval '1 ms', polled_at = now(),
    failure = NULL, failures = 0, polls = polls + 1, events = s.events + done.events
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::int[])
    AS done (id, epoch, checkpoint, due_in, events)
  WHERE s.id = done.id AND s.epoch = done.epoch
  RETURNING s.id, done.epoch::float8, NOT s.inactive AND s.paused_by IS NULL AS still_active`;

interface CommittedRow {
  readonly id: string;
  readonly epoch: number;
  readonly still_active: boolean;
}

async function commitPolls(
  sql: Sql,
  queue: PollQueue,
  polls: readonly PollCommit[],
): Promise<readonly boolean[]> {
  const activeByClaim = await updateSubscriptions(sql, polls);
  const stillActive = ({ claim }: PollCommit) => activeByClaim.get(claimKey(claim.subscription, claim.epoch));
  const committed = polls.filter((poll) => stillActive(poll) !== undefined);
  await insertEvents(sql, committed);
  await writeEntries(sql, new Map(committed.flatMap(({ writes }) => [...writes])));
  const jobs = committed.map(({ claim }) => jobIdOf(claim));
  await queue.remove(sql, jobs);
  const next = committed
    .filter((poll) => stillActive(poll) === true)
    .map(({ claim, dueInMs }) => ({ subscription: claim.subscription, dueInMs }));
  await queue.schedule(sql, next);
  const recovered = committed.filter(({ claim }) => claim.failures > 0);
  await wakeFailing(
    sql,
    queue,
    recovered.map(({ claim }) => claim.subscription),
  );
  return polls.map((poll) => stillActive(poll) !== undefined);
}

/** Updates the subscriptions whose claim is valid. Returns whether each of them is still active, by claim. */
async function updateSubscriptions(
  sql: Sql,
  polls: readonly PollCommit[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await sql.query<CommittedRow>(commitPollsSql, [
    polls.map(({ claim }) => claim.subscription),
    polls.map(({ claim }) => claim.epoch),
    polls.map(({ checkpoint }) => JSON.stringify(checkpoint)),
    polls.map(({ dueInMs }) => dueInMs),
    polls.map(({ events }) => events.length),
  ]);
  return new Map(rows.map((row) => [claimKey(row.id, row.epoch), row.still_active]));
}

function claimKey(id: string, epoch: number): string {
  return `${epoch} ${id}`;
}

async function insertEvents(sql: Sql, polls: readonly PollCommit[]): Promise<void> {
  const rows = polls.flatMap(({ claim, events }) =>
    events.map((event) => ({ ...event, id: claim.subscription })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO d365.outbox (subscription, record, item)
     SELECT subscription, record, item
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS o (subscription, record, item, position)
     ORDER BY position`,
    [rows.map(({ id }) => id), rows.map(({ rowId }) => rowId), rows.map(({ item }) => JSON.stringify(item))],
  );
}

const releasePollSql = `
  UPDATE d365.subscription SET
    epoch = epoch + 1, leased_until = NULL, next_due_at = now() + $3 * interval '1 ms',
    paused_by = coalesce(paused_by, $4), failure = coalesce($5, failure),
    failures = failures + ($5::text IS NOT NULL)::int
  WHERE id = $1 AND epoch = $2
  RETURNING NOT inactive AND paused_by IS NULL AS still_active`;

async function releasePoll(sql: Sql, queue: PollQueue, poll: PollRelease): Promise<boolean> {
  const { claim, dueInMs, failure, pauseReason, blockConnectionMs } = poll;
  const { subscription, epoch } = claim;
  // The connection first: a claim locks in the same order, which prevents deadlocks.
  if (blockConnectionMs !== undefined)
    await sql.query(blockConnectionSql, [subscription, epoch, blockConnectionMs]);
  const [row] = await sql.query<{ still_active: boolean }>(releasePollSql, [
    subscription,
    epoch,
    dueInMs,
    pauseReason ?? null,
    failure === undefined ? null : JSON.stringify(failure),
  ]);
  if (row === undefined) return false;
  await queue.remove(sql, [jobIdOf(claim)]);
  if (row.still_active) await queue.schedule(sql, [{ subscription, dueInMs }]);
  return true;
}

const blockConnectionSql = `
  UPDATE d365.connection SET blocked_until = greatest(blocked_until, now() + $3 * interval '1 ms')
  WHERE name = (SELECT connection FROM d365.subscription WHERE id = $1 AND epoch = $2)`;
