import type { Postgres, Sql } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { type DueTarget, shareDeliveries } from '../delivery/share-deliveries.ts';
import { parseEvent } from '../parse-stored.ts';
import { deliveryPauses } from '../subscription-status.ts';
import {
  allOrigins,
  type ClaimedDelivery,
  type DeliveryRejection,
  leaseDurationMs,
  minOutageFailures,
  type ReplayMode,
  recoveryWindowMs,
  type WorkerStore,
} from '../worker-store.ts';

type OutboxStore = Pick<
  WorkerStore,
  'claimDeliveries' | 'acknowledge' | 'release' | 'reject' | 'countOutbox'
>;

/**
 * Steps from one target to the next in the index, so that the number of waiting events does not matter. One row for each
 * target with due events; always at least one row, with the time of the database. Only targets of the origins: the events
 * of others would take their places.
 */
const dueTargetsSql = `
  WITH RECURSIVE waiting (name) AS (
    (SELECT target FROM d365.outbox WHERE dead IS NULL ORDER BY target LIMIT 1)
    UNION ALL
    SELECT (SELECT target FROM d365.outbox WHERE dead IS NULL AND target > name ORDER BY target LIMIT 1)
    FROM waiting WHERE name IS NOT NULL
  ), due AS (
    SELECT w.name, o.due_at, t.blocked_until IS NOT NULL AS probe, (
      SELECT count(*) FROM (
        SELECT 1 FROM d365.outbox WHERE dead IS NULL AND target = w.name AND due_at <= now() LIMIT $1
      ) AS counted
    )::int AS due
    FROM waiting w
    CROSS JOIN LATERAL (
      SELECT due_at FROM d365.outbox WHERE dead IS NULL AND target = w.name ORDER BY due_at LIMIT 1
    ) o
    LEFT JOIN d365.target t ON t.name = w.name
    WHERE o.due_at <= now() AND coalesce(t.blocked_until <= now(), true)
      AND EXISTS (SELECT 1 FROM d365.subscription s WHERE s.target = w.name AND s.origin = ANY($2))
  )
  SELECT (1000 * extract(epoch FROM now()))::float8 AS at, due.name, due.due, due.probe
  FROM (SELECT 1) AS always LEFT JOIN due ON true
  ORDER BY due.due_at`;

interface DueTargetRow {
  readonly at: number;
  readonly name: string | null;
  readonly due: number | null;
  readonly probe: boolean | null;
}

/** The condition that this process delivers the events of a subscription. */
const runs = (alias: string) =>
  `NOT ${alias}.inactive AND (${alias}.paused_by IS NULL OR NOT ${alias}.paused_by = ANY($4)) AND ${alias}.origin = ANY($5)`;

/** A claim moves the due time, so that the event is due again if the worker crashes. */
const claimSql = `
  WITH due AS (
    SELECT picked.sequence
    FROM unnest($1::text[], $2::int[]) AS share (target, max_count)
    CROSS JOIN LATERAL (
      SELECT o.sequence FROM d365.outbox o JOIN d365.subscription s ON s.id = o.subscription
      WHERE o.target = share.target AND o.dead IS NULL AND o.due_at <= now() AND ${runs('s')}
        AND NOT EXISTS (
          SELECT 1 FROM d365.outbox older JOIN d365.subscription os ON os.id = older.subscription
          WHERE older.target = o.target AND older.record = o.record AND older.sequence < o.sequence
            AND older.dead IS NULL AND ${runs('os')}
        )
      ORDER BY o.due_at, o.sequence LIMIT share.max_count
      FOR UPDATE OF o SKIP LOCKED
    ) AS picked
  )
  UPDATE d365.outbox o SET attempts = o.attempts + 1, due_at = now() + $3 * interval '1 ms', due_set_at = now()
  FROM due, d365.subscription s
  WHERE o.sequence = due.sequence AND s.id = o.subscription
  RETURNING o.sequence, o.subscription, s.trigger, o.target, o.record, o.item, o.attempts, o.refusals, o.replay,
    (1000 * extract(epoch FROM now()))::float8 AS at`;

interface OutboxRow {
  readonly sequence: string;
  readonly subscription: string;
  readonly trigger: string;
  readonly target: string;
  readonly record: string;
  readonly item: string;
  readonly attempts: number;
  readonly refusals: number;
  readonly replay: ReplayMode | null;
  readonly at: number;
}

/** The next probe waits until this one has ended or its claim has expired. */
const blockProbedSql = `
  UPDATE d365.target SET blocked_until = now() + $2 * interval '1 ms', set_at = now() - interval '1 ms'
  WHERE name = ANY($1)`;

/** Claims of running deliveries are due within the window, and are not changed. */
const unblockSql = `
  WITH working AS (DELETE FROM d365.target WHERE name = ANY($1) RETURNING name, failures)
  UPDATE d365.outbox o SET due_at = now(), due_set_at = now()
  FROM working
  WHERE o.target = working.name AND working.failures >= $3 AND o.dead IS NULL AND o.due_at > now() + $2 * interval '1 ms' AND o.refusals = 0`;

/**
 * The outbox in PostgreSQL. Concurrent acknowledgements are one statement.
 *
 * @param observeTime receives the time of the database, in milliseconds since the epoch
 */
export function createPostgresOutboxStore(
  postgres: Postgres,
  observeTime: (at: number) => Promise<void>,
): OutboxStore {
  const acknowledge = batchCalls(async (ended: readonly Acknowledgement[]) => {
    await postgres.transaction((sql) => acknowledgeAll(sql, ended));
    return ended.map(() => undefined);
  });
  return {
    async claimDeliveries(limits) {
      const { maxPerTarget, origins = allOrigins } = limits;
      const rows = await postgres.query<DueTargetRow>(dueTargetsSql, [maxPerTarget, origins]);
      await observeTime(rows[0]?.at ?? 0);
      const due = rows.flatMap(({ name, due: count, probe }): readonly DueTarget[] =>
        name === null ? [] : [{ name, due: count ?? 0, probe: probe === true }],
      );
      const shares = shareDeliveries(due, limits);
      if (shares.length === 0) return [];
      const probed = new Set(due.filter(({ probe }) => probe).map(({ name }) => name));
      const claimed = await postgres.transaction(async (sql) => {
        const claimedRows = await sql.query<OutboxRow>(claimSql, [
          shares.map(({ name }) => name),
          shares.map(({ maxCount }) => maxCount),
          leaseDurationMs,
          deliveryPauses,
          origins,
        ]);
        const tested = claimedRows.map(({ target }) => target).filter((target) => probed.has(target));
        if (tested.length > 0) await sql.query(blockProbedSql, [tested, leaseDurationMs]);
        return claimedRows;
      });
      return claimed.map(toDelivery).sort((a, b) => a.sequence - b.sequence);
    },
    acknowledge: (delivery, { keep = true } = {}) => acknowledge({ delivery, keep }),
    async countOutbox(maxCount) {
      const [row] = await postgres.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM (SELECT 1 FROM d365.outbox LIMIT $1) AS counted',
        [maxCount],
      );
      return row?.count ?? 0;
    },
    async release({ sequence, attempt }, dueInMs) {
      await postgres.query(releaseSql, [sequence, attempt, dueInMs]);
    },
    async reject(delivery, rejection) {
      await postgres.transaction((sql) => rejectDelivery(sql, delivery, rejection));
    },
  };
}

interface Acknowledgement {
  readonly delivery: ClaimedDelivery;
  readonly keep: boolean;
}

/** A later attempt belongs to another worker, so its event is not deleted. */
const acknowledgeSql = `
  WITH done AS (
    DELETE FROM d365.outbox o USING unnest($1::bigint[], $2::int[], $3::boolean[]) AS done (sequence, attempts, keep)
    WHERE o.sequence = done.sequence AND o.attempts = done.attempts
    RETURNING o.*, done.keep
  )
  INSERT INTO d365.delivered (sequence, subscription, target, record, item, attempts, created_at)
  SELECT sequence, subscription, target, record, item, attempts, created_at FROM done WHERE keep`;

async function acknowledgeAll(sql: Sql, ended: readonly Acknowledgement[]): Promise<void> {
  await sql.query(acknowledgeSql, [
    ended.map(({ delivery }) => delivery.sequence),
    ended.map(({ delivery }) => delivery.attempt),
    ended.map(({ keep }) => keep),
  ]);
  const targets = [...new Set(ended.map(({ delivery }) => delivery.target))];
  await sql.query(unblockSql, [targets, recoveryWindowMs, minOutageFailures]);
}

const releaseSql = `
  UPDATE d365.outbox SET due_at = now() + $3 * interval '1 ms', due_set_at = now(), attempts = attempts - 1
  WHERE sequence = $1 AND attempts = $2`;

const rejectSql = `
  UPDATE d365.outbox SET due_at = now() + $3 * interval '1 ms', due_set_at = now(), dead = $4,
    dead_at = CASE WHEN $4::text IS NULL THEN NULL ELSE now() END,
    refusals = refusals + $5, attempts = attempts - $6
  WHERE sequence = $1 AND attempts = $2
  RETURNING sequence`;

async function rejectDelivery(
  sql: Sql,
  delivery: ClaimedDelivery,
  rejection: DeliveryRejection,
): Promise<void> {
  const { sequence, attempt, subscription } = delivery;
  const { retryInMs, deadLetter, refused, reason, pauseReason, blockTargetMs } = rejection;
  const rows = await sql.query(rejectSql, [
    sequence,
    attempt,
    retryInMs,
    deadLetter ? reason : null,
    refused === true ? 1 : 0,
    pauseReason === undefined ? 0 : 1,
  ]);
  if (rows.length === 0) return;
  if (pauseReason !== undefined) {
    const failure = JSON.stringify({ code: pauseReason, message: reason });
    await sql.query(
      'UPDATE d365.subscription SET paused_by = coalesce(paused_by, $2), failure = $3 WHERE id = $1',
      [subscription, pauseReason, failure],
    );
  }
  if (blockTargetMs !== undefined) await blockTarget(sql, delivery, { reason, blockTargetMs });
}

async function blockTarget(
  sql: Sql,
  { target, claimedAt }: ClaimedDelivery,
  { reason, blockTargetMs }: Required<Pick<DeliveryRejection, 'reason' | 'blockTargetMs'>>,
): Promise<void> {
  await sql.query(
    `INSERT INTO d365.target (name, failures, set_at, reason) VALUES ($1, 0, now(), $2) ON CONFLICT DO NOTHING`,
    [target, reason],
  );
  // Deliveries that ran when the target was blocked say nothing new.
  const [known] = await sql.query<{ failures: number; is_news: boolean }>(
    `SELECT failures,
       coalesce(blocked_until <= now(), true) OR 1000 * extract(epoch FROM set_at) < $2 AS is_news
     FROM d365.target WHERE name = $1 FOR UPDATE`,
    [target, claimedAt],
  );
  if (known === undefined || !known.is_news) return;
  const failures = known.failures + 1;
  await sql.query(
    `UPDATE d365.target SET failures = $2, reason = $3, set_at = now(),
       blocked_until = CASE WHEN $4::float8 = 0 THEN NULL ELSE now() + $4 * interval '1 ms' END
     WHERE name = $1`,
    [target, failures, reason, blockTargetMs(failures)],
  );
}

function toDelivery(row: OutboxRow): ClaimedDelivery {
  const { sequence, subscription, trigger, target, record, item, attempts, refusals, replay, at } = row;
  return {
    sequence: Number(sequence),
    subscription,
    trigger,
    target,
    rowId: record,
    ...parseEvent(item),
    claimedAt: at,
    attempt: attempts,
    refusals,
    replay: replay ?? undefined,
  };
}
