import type { StatementSync } from 'node:sqlite';
import type { SqliteFile } from 'dynamics365-connector/node';
import { coalesce } from '../coalesce.ts';
import {
  type Claim,
  type ClaimLimits,
  type FinishedPoll,
  type UnfinishedPoll,
  WAKE_WITHIN_MS,
  type WorkerStore,
} from '../worker-store.ts';
import type { FileTime } from './schema.ts';

type Polls = Pick<WorkerStore, 'claimDue' | 'renew' | 'commitPoll' | 'releasePoll'>;

/** A look before the write lock is taken: most of the time nothing is due. */
const someDue = `
  SELECT 1 FROM subscription
  WHERE next_due_at <= $now AND resting = 0 AND paused_by IS NULL LIMIT 1`;

const claim = `
  WITH busy AS (
    SELECT connection, count(*) AS polls FROM subscription
    WHERE leased_until > 0 AND leased_until > $now GROUP BY connection
  ), ready AS (
    SELECT s.id, s.next_due_at,
      coalesce(busy.polls, 0) + row_number() OVER (PARTITION BY s.connection ORDER BY s.next_due_at) AS place
    FROM subscription s
    JOIN connection c ON c.name = s.connection AND c.blocked_until <= $now
    LEFT JOIN busy ON busy.connection = s.connection
    WHERE s.next_due_at <= $now AND s.resting = 0 AND s.paused_by IS NULL AND s.leased_until <= $now
  )
  UPDATE subscription SET epoch = epoch + 1, leased_until = $now + $lease
  WHERE id IN (SELECT id FROM ready WHERE place <= $perConnection ORDER BY next_due_at LIMIT $most)
  RETURNING id, epoch, checkpoint, failures, $now - next_due_at AS late`;

// A claim is used up by its commit: under the next epoch even its own holder cannot commit it twice.
const commit = `
  UPDATE subscription SET
    checkpoint = $checkpoint, epoch = epoch + 1, leased_until = 0, next_due_at = $now + $dueIn, polled_at = $now,
    failure = NULL, failures = 0, polls = polls + 1, events = events + $events
  WHERE id = $id AND epoch = $epoch`;

const release = `
  UPDATE subscription SET
    epoch = epoch + 1, leased_until = 0, next_due_at = $now + $dueIn, paused_by = coalesce(paused_by, $pause),
    failure = coalesce($failure, failure), failures = failures + ($failure IS NOT NULL)
  WHERE id = $id AND epoch = $epoch`;

const wake = `
  UPDATE subscription SET next_due_at = $now + abs(random()) % $within
  WHERE connection = (SELECT connection FROM subscription WHERE id = $id)
    AND failures > 0 AND leased_until <= $now AND next_due_at > $now + $within`;

/** Claiming and committing polls in the worker's file. Commits that come together share one fsync. */
export function createPolls(file: SqliteFile, { now, leaseMs }: FileTime): Polls {
  const { database, guard, transaction } = file;
  const statements = {
    someDue: database.prepare(someDue),
    claim: database.prepare(claim),
    renew: database.prepare('UPDATE subscription SET leased_until = ? WHERE id = ? AND epoch = ?'),
    release: database.prepare(release),
    block: database.prepare(
      `UPDATE connection SET blocked_until = max(blocked_until, ?)
       WHERE name = (SELECT connection FROM subscription WHERE id = ?)`,
    ),
  };
  const commitOne = prepareCommit(file, now);
  return {
    async claimDue({ most, perConnection }: ClaimLimits) {
      const at = now();
      if (guard(() => statements.someDue.get({ now: at })) === undefined) return [];
      const limits = { now: at, lease: leaseMs, most, perConnection };
      return guard(() => statements.claim.all(limits)).map(toClaim);
    },
    async renew(claims) {
      const until = now() + leaseMs;
      transaction(() => {
        for (const { subscription, epoch } of claims) statements.renew.run(until, subscription, epoch);
      });
    },
    commitPoll: coalesce(async (polls) => transaction(() => polls.map(commitOne))),
    async releasePoll(poll) {
      return transaction(() => releaseOne(statements, poll, now()));
    },
  };
}

function prepareCommit({ database }: SqliteFile, now: () => number): (poll: FinishedPoll) => boolean {
  const move = database.prepare(commit);
  const post = database.prepare(
    'INSERT INTO outbox (subscription, record, item, due_at) VALUES (?, ?, ?, ?)',
  );
  const put = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM state WHERE key = ?');
  const wakeOthers = database.prepare(wake);
  return ({ claim: { subscription, epoch, failures }, events, checkpoint, writes, dueInMs }) => {
    const at = now();
    const moved = move.run({
      id: subscription,
      epoch,
      checkpoint: JSON.stringify(checkpoint),
      now: at,
      dueIn: dueInMs,
      events: events.length,
    });
    if (moved.changes === 0) return false;
    if (failures > 0) wakeOthers.run({ id: subscription, now: at, within: WAKE_WITHIN_MS });
    for (const { record, item } of events) post.run(subscription, record, JSON.stringify(item), at);
    for (const [key, value] of writes) {
      if (value === undefined) remove.run(key);
      else put.run(key, value);
    }
    return true;
  };
}

function releaseOne(
  statements: { readonly release: StatementSync; readonly block: StatementSync },
  { claim: { subscription, epoch }, dueInMs, failure, pause, blockConnectionMs }: UnfinishedPoll,
  now: number,
): boolean {
  const released = statements.release.run({
    id: subscription,
    epoch,
    now,
    dueIn: dueInMs,
    pause: pause ?? null,
    failure: failure === undefined ? null : JSON.stringify(failure),
  });
  if (released.changes === 0) return false;
  if (blockConnectionMs !== undefined) statements.block.run(now + blockConnectionMs, subscription);
  return true;
}

function toClaim(row: Record<string, unknown>): Claim {
  const { id, epoch, checkpoint, failures, late } = row;
  return {
    subscription: String(id),
    epoch: Number(epoch),
    failures: Number(failures),
    lateMs: Number(late),
    ...(checkpoint === null ? {} : { checkpoint: JSON.parse(String(checkpoint)) }),
  };
}
