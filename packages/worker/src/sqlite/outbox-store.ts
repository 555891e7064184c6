import type { SqliteFile } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { type DueTarget, shareDeliveries, type TargetShare } from '../delivery/share-deliveries.ts';
import { parseEvent } from '../parse-stored.ts';
import { deliveryPauses } from '../subscription-status.ts';
import {
  type ClaimedDelivery,
  type DeliveryRejection,
  minOutageFailures,
  type ReplayMode,
  recoveryWindowMs,
  type WorkerStore,
} from '../worker-store.ts';
import { isOrigin, toOriginsParameter } from './origin-scope.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type OutboxStore = Pick<
  WorkerStore,
  'claimDeliveries' | 'acknowledge' | 'release' | 'reject' | 'countOutbox'
>;

/**
 * Steps from one target to the next in the index, so that the number of waiting events does not matter. Only targets of
 * the origins: the events of others would take their places.
 */
const dueTargetsSql = `
  WITH RECURSIVE waiting (name) AS (
    SELECT min(target) FROM outbox WHERE dead IS NULL
    UNION ALL
    SELECT (SELECT min(target) FROM outbox WHERE dead IS NULL AND target > name)
    FROM waiting WHERE name IS NOT NULL
  ), due AS (
    SELECT name, (SELECT min(due_at) FROM outbox WHERE dead IS NULL AND target = name) AS due_at
    FROM waiting WHERE name IS NOT NULL
  )
  SELECT due.name, coalesce(t.blocked_until, 0) > 0 AS probe, (
    SELECT count(*) FROM (
      SELECT 1 FROM outbox WHERE dead IS NULL AND target = due.name AND due_at <= $now LIMIT $maxPerTarget
    )
  ) AS due
  FROM due LEFT JOIN target t ON t.name = due.name
  WHERE due.due_at <= $now AND coalesce(t.blocked_until, 0) <= $now
    AND EXISTS (SELECT 1 FROM subscription s WHERE s.target = due.name AND ${isOrigin('s.origin')})
  ORDER BY due.due_at`;

const pauses = deliveryPauses.map((pause) => `'${pause}'`).join(', ');

/** The condition that this process delivers the events of a subscription. */
const runs = (alias: string) =>
  `${alias}.inactive = 0 AND (${alias}.paused_by IS NULL OR ${alias}.paused_by NOT IN (${pauses})) AND ${isOrigin(`${alias}.origin`)}`;

/** A claim moves the due time, so that the event is due again if the worker crashes. */
const claimSql = `
  UPDATE outbox SET attempts = attempts + 1, due_at = $now + $lease, due_set_at = $now
  WHERE sequence IN (
    SELECT o.sequence FROM outbox o JOIN subscription s ON s.id = o.subscription
    WHERE o.target = $target AND o.dead IS NULL AND o.due_at <= $now AND ${runs('s')}
      AND NOT EXISTS (
        SELECT 1 FROM outbox older JOIN subscription os ON os.id = older.subscription
        WHERE older.target = o.target AND older.record = o.record AND older.sequence < o.sequence
          AND older.dead IS NULL AND ${runs('os')}
      )
    ORDER BY o.due_at, o.sequence LIMIT $maxCount
  )
  RETURNING sequence, subscription, target, record, item, attempts, refusals, replay,
    (SELECT trigger FROM subscription WHERE id = outbox.subscription) AS trigger`;

/** Claims of running deliveries are due within the window, and are not changed. */
const wakeSql = `
  UPDATE outbox SET due_at = $now, due_set_at = $now
  WHERE target = $target AND dead IS NULL AND due_at > $now + $window AND refusals = 0`;

/** The outbox in SQLite. Concurrent acknowledgements share one transaction, and so one fsync. */
export function createSqliteOutboxStore(file: SqliteFile, { now, leaseMs }: LeaseClock): OutboxStore {
  const { guard, transaction } = file;
  const statements = prepareStatements(file);
  const claim = (
    { name, maxCount }: TargetShare,
    { probe, origins }: { readonly probe: boolean; readonly origins: string },
  ): readonly ClaimedDelivery[] => {
    const at = now();
    const rows = statements.claim.all({ now: at, lease: leaseMs, target: name, maxCount, origins });
    // The next probe waits until this one has ended or its claim has expired.
    if (probe && rows.length > 0) statements.block.run(at + leaseMs, at - 1, name);
    return rows.map((row) => toDelivery(row, at));
  };
  const acknowledge = batchCalls(async (ended: readonly Acknowledgement[]) => {
    transaction(() => acknowledgeAll(statements, ended, now()));
    return ended.map(() => undefined);
  });
  return {
    async claimDeliveries(limits) {
      const { maxPerTarget } = limits;
      const origins = toOriginsParameter(limits.origins);
      const due = guard(() => statements.dueTargets.all({ now: now(), maxPerTarget, origins })).map(
        toDueTarget,
      );
      if (due.length === 0) return [];
      const probes = new Set(due.filter(({ probe }) => probe).map(({ name }) => name));
      const claimed = transaction(() =>
        shareDeliveries(due, limits).flatMap((share) =>
          claim(share, { probe: probes.has(share.name), origins }),
        ),
      );
      return claimed.sort((a, b) => a.sequence - b.sequence);
    },
    acknowledge: (delivery, { keep = true } = {}) => acknowledge({ delivery, keep }),
    async countOutbox(maxCount) {
      return Number(guard(() => statements.count.get(maxCount))?.count);
    },
    async release({ sequence, attempt }, dueInMs) {
      const at = now();
      guard(() => statements.release.run({ sequence, attempt, at, dueAt: at + dueInMs }));
    },
    async reject(delivery, rejection) {
      transaction(() => rejectDelivery(statements, { delivery, rejection, at: now() }));
    },
  };
}

interface Acknowledgement {
  readonly delivery: ClaimedDelivery;
  readonly keep: boolean;
}

function acknowledgeAll(statements: OutboxStatements, ended: readonly Acknowledgement[], at: number): void {
  for (const { delivery, keep } of ended) {
    const { sequence, attempt } = delivery;
    if (keep) statements.keep.run(at, sequence, attempt);
    statements.acknowledge.run(sequence, attempt);
  }
  for (const target of new Set(ended.map(({ delivery }) => delivery.target))) {
    const failures = Number(statements.unblock.get(target)?.failures ?? 0);
    if (failures < minOutageFailures) continue;
    statements.wake.run({ now: at, target, window: recoveryWindowMs });
  }
}

interface Rejection {
  readonly delivery: ClaimedDelivery;
  readonly rejection: DeliveryRejection;
  readonly at: number;
}

function rejectDelivery(statements: OutboxStatements, { delivery, rejection, at }: Rejection): void {
  const { sequence, attempt, subscription } = delivery;
  const { retryInMs, deadLetter, refused = false, reason, pauseReason } = rejection;
  const rejected = statements.reject.run({
    sequence,
    attempt,
    at,
    dueAt: at + retryInMs,
    refused: Number(refused),
    uncounted: pauseReason === undefined ? 0 : 1,
    dead: deadLetter ? reason : null,
    deadAt: deadLetter ? at : null,
  });
  if (rejected.changes === 0) return;
  if (pauseReason !== undefined) {
    const failure = JSON.stringify({ code: pauseReason, message: reason });
    statements.pause.run(pauseReason, failure, subscription);
  }
  if (rejection.blockTargetMs !== undefined)
    blockTarget(statements, rejection.blockTargetMs, { delivery, rejection, at });
}

function blockTarget(
  statements: OutboxStatements,
  blockTargetMs: (failures: number) => number,
  { delivery: { target, claimedAt }, rejection: { reason }, at }: Rejection,
): void {
  const known = statements.target.get(target);
  // Deliveries that ran when the target was blocked say nothing new.
  if (known !== undefined && Number(known.blocked_until) > at && claimedAt <= Number(known.set_at)) return;
  const failures = Number(known?.failures ?? 0) + 1;
  const blockMs = blockTargetMs(failures);
  statements.fail.run({ target, failures, until: blockMs === 0 ? 0 : at + blockMs, at, reason });
}

type OutboxStatements = ReturnType<typeof prepareStatements>;

/** A later attempt belongs to another worker, so `acknowledge` and `reject` compare the number of attempts. */
function prepareStatements({ database }: SqliteFile) {
  return {
    count: database.prepare('SELECT count(*) AS count FROM (SELECT 1 FROM outbox LIMIT ?)'),
    dueTargets: database.prepare(dueTargetsSql),
    claim: database.prepare(claimSql),
    keep: database.prepare(
      `INSERT INTO delivered (sequence, subscription, target, record, item, attempts, created_at, delivered_at)
       SELECT sequence, subscription, target, record, item, attempts, created_at, ? FROM outbox
       WHERE sequence = ? AND attempts = ?`,
    ),
    acknowledge: database.prepare('DELETE FROM outbox WHERE sequence = ? AND attempts = ?'),
    release: database.prepare(
      `UPDATE outbox SET due_at = $dueAt, due_set_at = $at, attempts = attempts - 1
       WHERE sequence = $sequence AND attempts = $attempt`,
    ),
    reject: database.prepare(
      `UPDATE outbox SET due_at = $dueAt, due_set_at = $at, dead = $dead, dead_at = $deadAt,
         refusals = refusals + $refused, attempts = attempts - $uncounted
       WHERE sequence = $sequence AND attempts = $attempt`,
    ),
    pause: database.prepare(
      'UPDATE subscription SET paused_by = coalesce(paused_by, ?), failure = ? WHERE id = ?',
    ),
    target: database.prepare('SELECT failures, blocked_until, set_at FROM target WHERE name = ?'),
    fail: database.prepare(
      `INSERT OR REPLACE INTO target (name, failures, blocked_until, set_at, reason)
       VALUES ($target, $failures, $until, $at, $reason)`,
    ),
    block: database.prepare('UPDATE target SET blocked_until = ?, set_at = ? WHERE name = ?'),
    unblock: database.prepare('DELETE FROM target WHERE name = ? RETURNING failures'),
    wake: database.prepare(wakeSql),
  };
}

function toDueTarget({ name, due, probe }: Record<string, unknown>): DueTarget {
  return { name: String(name), due: Number(due), probe: probe === 1 };
}

function toDelivery(row: Record<string, unknown>, at: number): ClaimedDelivery {
  const { sequence, subscription, trigger, target, record, item, attempts, refusals, replay } = row;
  return {
    sequence: Number(sequence),
    subscription: String(subscription),
    trigger: String(trigger),
    target: String(target),
    rowId: String(record),
    ...parseEvent(String(item)),
    claimedAt: at,
    attempt: Number(attempts),
    refusals: Number(refusals),
    replay: replay === null ? undefined : (String(replay) as ReplayMode),
  };
}
