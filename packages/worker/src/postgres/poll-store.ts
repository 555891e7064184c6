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
 * Claiming and committing polls in PostgreSQL. Events, checkpoint, state, the end of this job and the next one
 * are one transaction; polls that end at the same time share it.
 */
export function createPostgresPollStore(postgres: Postgres, queue: PollQueue): PollStore {
  return {
    claimDuePolls: (limits) => claimDuePolls(postgres, queue, limits),
    async renewLeases(claims) {
      const [ids, epochs] = [
        claims.map(({ subscription }) => subscription),
        claims.map(({ epoch }) => epoch),
      ];
      const committed = await postgres.query<{ id: string }>(renewLeasesSql, [ids, epochs, leaseDurationMs]);
      const renewedIds = new Set(committed.map(({ id }) => id));
      await queue.touch(claims.filter(({ subscription }) => renewedIds.has(subscription)).map(jobIdOf));
    },
    commitPoll: batchCalls((polls) => postgres.transaction((sql) => commitPolls(sql, queue, polls))),
    releasePoll: (poll) => postgres.transaction((sql) => releasePoll(sql, queue, poll)),
  };
}

/** The store gave it with the claim. */
const jobIdOf = ({ jobId }: Claim): string => jobId!;

// What is being committed at this moment needs no more time, and is not waited for.
const renewLeasesSql = `
  WITH held AS (
    SELECT s.id FROM d365.subscription s
    JOIN unnest($1::text[], $2::bigint[]) AS mine (id, epoch) ON s.id = mine.id AND s.epoch = mine.epoch
    FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE d365.subscription s SET leased_until = now() + $3 * interval '1 ms'
  FROM held WHERE s.id = held.id
  RETURNING s.id`;

// A claim is used up by its commit: under the next epoch even its own holder cannot commit it twice.
const commitPollsSql = `
  UPDATE d365.subscription s SET
    checkpoint = done.checkpoint, epoch = s.epoch + 1, leased_until = NULL,
    next_due_at = now() + done.due_in * interval '1 ms', polled_at = now(),
    failure = NULL, failures = 0, polls = polls + 1, events = s.events + done.events
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::int[])
    AS done (id, epoch, checkpoint, due_in, events)
  WHERE s.id = done.id AND s.epoch = done.epoch
  RETURNING s.id, done.epoch::float8, NOT s.inactive AND s.paused_by IS NULL AS goes_on`;

interface CommittedRow {
  readonly id: string;
  readonly epoch: number;
  readonly goes_on: boolean;
}

async function commitPolls(
  sql: Sql,
  queue: PollQueue,
  polls: readonly PollCommit[],
): Promise<readonly boolean[]> {
  const committedRows = await sql.query<CommittedRow>(commitPollsSql, [
    polls.map(({ claim }) => claim.subscription),
    polls.map(({ claim }) => claim.epoch),
    polls.map(({ checkpoint }) => JSON.stringify(checkpoint)),
    polls.map(({ dueInMs }) => dueInMs),
    polls.map(({ events }) => events.length),
  ]);
  const activeByClaim = new Map(committedRows.map((row) => [claimKey(row.id, row.epoch), row.goes_on]));
  const stillActive = ({ claim }: PollCommit) => activeByClaim.get(claimKey(claim.subscription, claim.epoch));
  const committed = polls.filter((poll) => stillActive(poll) !== undefined);
  await insertEvents(sql, committed);
  await writeEntries(sql, new Map(committed.flatMap(({ writes }) => [...writes])));
  await queue.remove(
    sql,
    committed.map(({ claim }) => jobIdOf(claim)),
  );
  const next = committed.filter((poll) => stillActive(poll) === true);
  await queue.schedule(
    sql,
    next.map(({ claim, dueInMs }) => ({ subscription: claim.subscription, dueInMs })),
  );
  await wakeFailing(
    sql,
    queue,
    committed.filter(({ claim }) => claim.failures > 0).map(({ claim }) => claim.subscription),
  );
  return polls.map((poll) => stillActive(poll) !== undefined);
}

const claimKey = (id: string, epoch: number) => `${epoch} ${id}`;

async function insertEvents(sql: Sql, polls: readonly PollCommit[]): Promise<void> {
  const rows = polls.flatMap(({ claim, events }) =>
    events.map((event) => ({ ...event, id: claim.subscription })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO d365.outbox (subscription, record, item)
     SELECT subscription, record, item
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS o (subscription, record, item, place)
     ORDER BY place`,
    [rows.map(({ id }) => id), rows.map(({ rowId }) => rowId), rows.map(({ item }) => JSON.stringify(item))],
  );
}

const releasePollSql = `
  UPDATE d365.subscription SET
    epoch = epoch + 1, leased_until = NULL, next_due_at = now() + $3 * interval '1 ms',
    paused_by = coalesce(paused_by, $4), failure = coalesce($5, failure),
    failures = failures + ($5::text IS NOT NULL)::int
  WHERE id = $1 AND epoch = $2
  RETURNING NOT inactive AND paused_by IS NULL AS goes_on`;

async function releasePoll(sql: Sql, queue: PollQueue, poll: PollRelease): Promise<boolean> {
  const { claim, dueInMs, failure, pauseReason, blockConnectionMs } = poll;
  const { subscription, epoch } = claim;
  // In the order in which a claim locks, so that the two never wait for each other.
  if (blockConnectionMs !== undefined)
    await sql.query(blockConnectionSql, [subscription, epoch, blockConnectionMs]);
  const [row] = await sql.query<{ goes_on: boolean }>(releasePollSql, [
    subscription,
    epoch,
    dueInMs,
    pauseReason ?? null,
    failure === undefined ? null : JSON.stringify(failure),
  ]);
  if (row === undefined) return false;
  await queue.remove(sql, [jobIdOf(claim)]);
  if (row.goes_on) await queue.schedule(sql, [{ subscription, dueInMs }]);
  return true;
}

const blockConnectionSql = `
  UPDATE d365.connection SET blocked_until = greatest(blocked_until, now() + $3 * interval '1 ms')
  WHERE name = (SELECT connection FROM d365.subscription WHERE id = $1 AND epoch = $2)`;
