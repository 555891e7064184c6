import type { StatementSync } from 'node:sqlite';
import type { SqliteFile } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import {
  type Claim,
  type ClaimLimits,
  type PollCommit,
  type PollRelease,
  recoveryWindowMs,
  type WorkerStore,
} from '../worker-store.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type PollStore = Pick<WorkerStore, 'claimDuePolls' | 'renewLeases' | 'commitPoll' | 'releasePoll'>;

/** Runs before the claim, which takes the write lock: most of the time no poll is due. */
const anyDueSql = `
  SELECT 1 FROM subscription
  WHERE next_due_at <= $now AND inactive = 0 AND paused_by IS NULL LIMIT 1`;

const claimPollsSql = `
  WITH busy AS (
    SELECT connection, count(*) AS polls FROM subscription
    WHERE leased_until > 0 AND leased_until > $now GROUP BY connection
  ), ready AS (
    SELECT s.id, s.next_due_at,
      coalesce(busy.polls, 0) + row_number() OVER (PARTITION BY s.connection ORDER BY s.next_due_at) AS rank
    FROM subscription s
    JOIN connection c ON c.name = s.connection AND c.blocked_until <= $now
    LEFT JOIN busy ON busy.connection = s.connection
    WHERE s.next_due_at <= $now AND s.inactive = 0 AND s.paused_by IS NULL AND s.leased_until <= $now
  )
  UPDATE subscription SET epoch = epoch + 1, leased_until = $now + $lease
  WHERE id IN (SELECT id FROM ready WHERE rank <= $maxPerConnection ORDER BY next_due_at LIMIT $maxClaims)
  RETURNING id, epoch, checkpoint, failures, $now - next_due_at AS late_ms`;

// A commit increases the epoch, so that the same claim cannot be committed twice.
const commitPollSql = `
  UPDATE subscription SET
    checkpoint = $checkpoint, epoch = epoch + 1, leased_until = 0, next_due_at = $now + $dueIn, polled_at = $now,
    failure = NULL, failures = 0, polls = polls + 1, events = events + $events
  WHERE id = $id AND epoch = $epoch`;

const releasePollSql = `
  UPDATE subscription SET
    epoch = epoch + 1, leased_until = 0, next_due_at = $now + $dueIn, paused_by = coalesce(paused_by, $pause),
    failure = coalesce($failure, failure), failures = failures + ($failure IS NOT NULL)
  WHERE id = $id AND epoch = $epoch`;

const wakeFailingSql = `
  UPDATE subscription SET next_due_at = $now + abs(random()) % $within
  WHERE connection = (SELECT connection FROM subscription WHERE id = $id)
    AND failures > 0 AND leased_until <= $now AND next_due_at > $now + $within`;

/** Claims and commits polls in SQLite. Concurrent commits share one transaction, and so one fsync. */
export function createSqlitePollStore(file: SqliteFile, { now, leaseMs }: LeaseClock): PollStore {
  const { database, guard, transaction } = file;
  const statements = {
    anyDue: database.prepare(anyDueSql),
    claim: database.prepare(claimPollsSql),
    renew: database.prepare('UPDATE subscription SET leased_until = ? WHERE id = ? AND epoch = ?'),
    release: database.prepare(releasePollSql),
    block: database.prepare(
      `UPDATE connection SET blocked_until = max(blocked_until, ?)
       WHERE name = (SELECT connection FROM subscription WHERE id = ?)`,
    ),
  };
  const commitOne = prepareCommit(file, now);
  return {
    async claimDuePolls({ maxClaims, maxPerConnection }: ClaimLimits) {
      const at = now();
      if (guard(() => statements.anyDue.get({ now: at })) === undefined) return [];
      const limits = { now: at, lease: leaseMs, maxClaims, maxPerConnection };
      return guard(() => statements.claim.all(limits)).map(toClaim);
    },
    async renewLeases(claims) {
      const until = now() + leaseMs;
      transaction(() => {
        for (const { subscription, epoch } of claims) statements.renew.run(until, subscription, epoch);
      });
    },
    commitPoll: batchCalls(async (polls) => transaction(() => polls.map(commitOne))),
    async releasePoll(poll) {
      return transaction(() => releasePoll(statements, poll, now()));
    },
  };
}

function prepareCommit({ database }: SqliteFile, now: () => number): (poll: PollCommit) => boolean {
  const updateSubscription = database.prepare(commitPollSql);
  const insertEvent = database.prepare(
    'INSERT INTO outbox (subscription, record, item, due_at) VALUES (?, ?, ?, ?)',
  );
  const putState = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const deleteState = database.prepare('DELETE FROM state WHERE key = ?');
  const wakeFailing = database.prepare(wakeFailingSql);
  return ({ claim: { subscription, epoch, failures }, events, checkpoint, writes, dueInMs }) => {
    const at = now();
    const updated = updateSubscription.run({
      id: subscription,
      epoch,
      checkpoint: JSON.stringify(checkpoint),
      now: at,
      dueIn: dueInMs,
      events: events.length,
    });
    if (updated.changes === 0) return false;
    if (failures > 0) wakeFailing.run({ id: subscription, now: at, within: recoveryWindowMs });
    for (const { rowId, item } of events) insertEvent.run(subscription, rowId, JSON.stringify(item), at);
    for (const [key, value] of writes) {
      if (value === undefined) deleteState.run(key);
      else putState.run(key, value);
    }
    return true;
  };
}

function releasePoll(
  statements: { readonly release: StatementSync; readonly block: StatementSync },
  { claim: { subscription, epoch }, dueInMs, failure, pauseReason, blockConnectionMs }: PollRelease,
  now: number,
): boolean {
  const released = statements.release.run({
    id: subscription,
    epoch,
    now,
    dueIn: dueInMs,
    pause: pauseReason ?? null,
    failure: failure === undefined ? null : JSON.stringify(failure),
  });
  if (released.changes === 0) return false;
  if (blockConnectionMs !== undefined) statements.block.run(now + blockConnectionMs, subscription);
  return true;
}

function toClaim(row: Record<string, unknown>): Claim {
  const { id, epoch, checkpoint, failures, late_ms } = row;
  return {
    subscription: String(id),
    epoch: Number(epoch),
    failures: Number(failures),
    lateMs: Number(late_ms),
    checkpoint: checkpoint === null ? undefined : JSON.parse(String(checkpoint)),
  };
}
