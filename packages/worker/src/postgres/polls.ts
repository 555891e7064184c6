import type { Postgres, Sql } from 'dynamics365-connector/node';
import { writeMany } from 'dynamics365-connector/node';
import { coalesce } from '../coalesce.ts';
import {
  type Claim,
  type FinishedPoll,
  LEASE_MS,
  type UnfinishedPoll,
  type WorkerStore,
} from '../worker-store.ts';
import { claimDue } from './claims.ts';
import type { Timer } from './timer.ts';
import { wakeFailing } from './wake.ts';

type Polls = Pick<WorkerStore, 'claimDue' | 'renew' | 'commitPoll' | 'releasePoll'>;

/**
 * Claiming and committing polls in PostgreSQL. Events, checkpoint, state, the end of this job and the next one
 * are one transaction; polls that end at the same time share it.
 */
export function createPolls(postgres: Postgres, timer: Timer): Polls {
  return {
    claimDue: (limits) => claimDue(postgres, timer, limits),
    async renew(claims) {
      const [ids, epochs] = [
        claims.map(({ subscription }) => subscription),
        claims.map(({ epoch }) => epoch),
      ];
      const kept = await postgres.query<{ id: string }>(renew, [ids, epochs, LEASE_MS]);
      const alive = new Set(kept.map(({ id }) => id));
      await timer.touch(claims.filter(({ subscription }) => alive.has(subscription)).map(jobOf));
    },
    commitPoll: coalesce((polls) => postgres.transaction((sql) => commitAll(sql, timer, polls))),
    releasePoll: (poll) => postgres.transaction((sql) => release(sql, timer, poll)),
  };
}

/** The store gave it with the claim. */
const jobOf = ({ ticket }: Claim): string => ticket!;

// What is being committed at this moment needs no more time, and is not waited for.
const renew = `
  WITH held AS (
    SELECT s.id FROM d365.subscription s
    JOIN unnest($1::text[], $2::bigint[]) AS mine (id, epoch) ON s.id = mine.id AND s.epoch = mine.epoch
    FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE d365.subscription s SET leased_until = now() + $3 * interval '1 ms'
  FROM held WHERE s.id = held.id
  RETURNING s.id`;

// A claim is used up by its commit: under the next epoch even its own holder cannot commit it twice.
const move = `
  UPDATE d365.subscription s SET
    checkpoint = done.checkpoint, epoch = s.epoch + 1, leased_until = NULL,
    next_due_at = now() + done.due_in * interval '1 ms', polled_at = now(),
    failure = NULL, failures = 0, polls = polls + 1, events = s.events + done.events
  FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::int[])
    AS done (id, epoch, checkpoint, due_in, events)
  WHERE s.id = done.id AND s.epoch = done.epoch
  RETURNING s.id, done.epoch::float8, NOT s.resting AND s.paused_by IS NULL AS goes_on`;

interface MovedRow {
  readonly id: string;
  readonly epoch: number;
  readonly goes_on: boolean;
}

async function commitAll(
  sql: Sql,
  timer: Timer,
  polls: readonly FinishedPoll[],
): Promise<readonly boolean[]> {
  const moved = await sql.query<MovedRow>(move, [
    polls.map(({ claim }) => claim.subscription),
    polls.map(({ claim }) => claim.epoch),
    polls.map(({ checkpoint }) => JSON.stringify(checkpoint)),
    polls.map(({ dueInMs }) => dueInMs),
    polls.map(({ events }) => events.length),
  ]);
  const goesOn = new Map(moved.map((row) => [markOf(row.id, row.epoch), row.goes_on]));
  const stateOf = ({ claim }: FinishedPoll) => goesOn.get(markOf(claim.subscription, claim.epoch));
  const kept = polls.filter((poll) => stateOf(poll) !== undefined);
  await post(sql, kept);
  await writeMany(sql, new Map(kept.flatMap(({ writes }) => [...writes])));
  await timer.remove(
    sql,
    kept.map(({ claim }) => jobOf(claim)),
  );
  const next = kept.filter((poll) => stateOf(poll) === true);
  await timer.arm(
    sql,
    next.map(({ claim, dueInMs }) => ({ subscription: claim.subscription, dueInMs })),
  );
  await wakeFailing(
    sql,
    timer,
    kept.filter(({ claim }) => claim.failures > 0).map(({ claim }) => claim.subscription),
  );
  return polls.map((poll) => stateOf(poll) !== undefined);
}

const markOf = (id: string, epoch: number) => `${epoch} ${id}`;

async function post(sql: Sql, polls: readonly FinishedPoll[]): Promise<void> {
  const rows = polls.flatMap(({ claim, events }) =>
    events.map((event) => ({ ...event, id: claim.subscription })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO d365.outbox (subscription, record, item)
     SELECT subscription, record, item
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS o (subscription, record, item, place)
     ORDER BY place`,
    [
      rows.map(({ id }) => id),
      rows.map(({ record }) => record),
      rows.map(({ item }) => JSON.stringify(item)),
    ],
  );
}

const giveBack = `
  UPDATE d365.subscription SET
    epoch = epoch + 1, leased_until = NULL, next_due_at = now() + $3 * interval '1 ms',
    paused_by = coalesce(paused_by, $4), failure = coalesce($5, failure),
    failures = failures + ($5::text IS NOT NULL)::int
  WHERE id = $1 AND epoch = $2
  RETURNING NOT resting AND paused_by IS NULL AS goes_on`;

async function release(sql: Sql, timer: Timer, poll: UnfinishedPoll): Promise<boolean> {
  const { claim, dueInMs, failure, pause, blockConnectionMs } = poll;
  const { subscription, epoch } = claim;
  // In the order in which a claim locks, so that the two never wait for each other.
  if (blockConnectionMs !== undefined) await sql.query(block, [subscription, epoch, blockConnectionMs]);
  const [row] = await sql.query<{ goes_on: boolean }>(giveBack, [
    subscription,
    epoch,
    dueInMs,
    pause ?? null,
    failure === undefined ? null : JSON.stringify(failure),
  ]);
  if (row === undefined) return false;
  await timer.remove(sql, [jobOf(claim)]);
  if (row.goes_on) await timer.arm(sql, [{ subscription, dueInMs }]);
  return true;
}

const block = `
  UPDATE d365.connection SET blocked_until = greatest(blocked_until, now() + $3 * interval '1 ms')
  WHERE name = (SELECT connection FROM d365.subscription WHERE id = $1 AND epoch = $2)`;
