import type { SqliteFile } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { parseCheckpoint, parseFailure, toStoredItem } from '../parse-stored.ts';
import {
  type Claim,
  type ClaimLimits,
  type FeedCommit,
  isPollCommit,
  maxConnectionBlockMs,
  minWakeGapMs,
  type PollCommit,
  type PollRelease,
  recoveryWindowMs,
  type WorkerStore,
} from '../worker-store.ts';
import { isOrigin, toOriginsParameter } from './origin-scope.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type PollStore = Pick<WorkerStore, 'claimDuePolls' | 'renewLeases' | 'commitPolls' | 'wake'>;

/** Runs before the claim, which takes the write lock: most of the time no poll is due. */
const anyDueSql = `
  SELECT 1 FROM subscription
  WHERE next_due_at <= $now AND inactive = 0 AND paused_by IS NULL AND ${isOrigin('origin')} LIMIT 1`;

/**
 * Claims feeds that are not being polled: their due subscriptions, and those that are due within half of their interval,
 * so that one read serves all of them.
 */
const claimPollsSql = `
  WITH leased AS (
    SELECT DISTINCT feed, connection FROM subscription WHERE leased_until > 0 AND leased_until > $now
  ), busy AS (
    SELECT connection, count(*) AS polls FROM leased GROUP BY connection
  ), due AS (
    SELECT s.feed, s.connection, min(s.next_due_at) AS due_at
    FROM subscription s JOIN connection c ON c.name = s.connection AND c.blocked_until <= $now
    WHERE s.next_due_at <= $now AND s.inactive = 0 AND s.paused_by IS NULL
      AND ${isOrigin('s.origin')} AND NOT EXISTS (SELECT 1 FROM leased WHERE leased.feed = s.feed)
    GROUP BY s.feed, s.connection
  ), ready AS (
    SELECT due.feed, due.due_at,
      coalesce(busy.polls, 0) + row_number() OVER (PARTITION BY due.connection ORDER BY due.due_at) AS rank
    FROM due LEFT JOIN busy ON busy.connection = due.connection
  )
  UPDATE subscription SET epoch = epoch + 1, leased_until = $now + $lease
  WHERE feed IN (SELECT feed FROM ready WHERE rank <= $maxPerConnection ORDER BY due_at LIMIT $maxClaims)
    AND (next_due_at <= $now OR (failures = 0 AND next_due_at <= $now + coalesce(interval_ms, every_ms) / 2))
    AND inactive = 0 AND paused_by IS NULL AND ${isOrigin('origin')}
  RETURNING id, feed, epoch, checkpoint, failures, failure, resumed, max(0, $now - next_due_at) AS late_ms, wakes,
    coalesce(woken_from, next_due_at) - $now AS scheduled_in, coalesce(interval_ms, every_ms) AS interval_ms,
    (SELECT count(*) FROM outbox WHERE subscription = id) AS outboxed`;

const validClaimSql = 'SELECT 1 FROM subscription WHERE id = ? AND epoch = ?';

// A commit increases the epoch, so that the same claim cannot be committed twice.
const commitPollSql = `
  UPDATE subscription SET
    checkpoint = $checkpoint, epoch = epoch + 1, leased_until = 0, scheduled_at = $now,
    next_due_at = $now + iif(wakes = $wakes, $dueIn, min($dueIn, ${minWakeGapMs})),
    woken_from = iif(wakes = $wakes, NULL, $now + $dueIn), interval_ms = $interval, push = $push,
    polled_at = $now, failure = NULL, failures = 0, resumed = 0, polls = polls + 1, events = events + $events,
    feed_state = $feedState
  WHERE id = $id AND epoch = $epoch`;

const releasePollSql = `
  UPDATE subscription SET
    epoch = epoch + 1, leased_until = 0, next_due_at = $now + $dueIn, woken_from = NULL, scheduled_at = $now, resumed = 0,
    paused_by = coalesce(paused_by, $pause), failure = coalesce($failure, failure), failures = failures + ($failure IS NOT NULL)
  WHERE id = $id AND epoch = $epoch`;

const wakeSql = `
  UPDATE subscription SET wakes = wakes + 1, woken_from = coalesce(woken_from, next_due_at), scheduled_at = $now,
    next_due_at = min(next_due_at, max($now, coalesce(polled_at, 0) + ${minWakeGapMs}))
  WHERE id IN (SELECT value FROM json_each($ids)) AND inactive = 0 AND paused_by IS NULL AND failures = 0`;

const wakeFailingSql = `
  UPDATE subscription SET next_due_at = $now + abs(random()) % $within, scheduled_at = $now
  WHERE connection = (SELECT connection FROM subscription WHERE id = $id)
    AND failures > 0 AND leased_until <= $now AND next_due_at > $now + $within
    AND instr(coalesce(failure, ''), 'ACCESS_DENIED') = 0`;

/** Claims and commits polls in SQLite. Concurrent commits share one transaction, and so one fsync. */
export function createSqlitePollStore(file: SqliteFile, { now, leaseMs }: LeaseClock): PollStore {
  const { database, guard, transaction } = file;
  const statements = {
    anyDue: database.prepare(anyDueSql),
    claim: database.prepare(claimPollsSql),
    wake: database.prepare(wakeSql),
    renew: database.prepare('UPDATE subscription SET leased_until = ? WHERE id = ? AND epoch = ?'),
  };
  const commitFeed = prepareFeedCommit(file, now);
  return {
    async claimDuePolls({ maxClaims, maxPerConnection, origins }: ClaimLimits) {
      const scope = { now: now(), origins: toOriginsParameter(origins) };
      if (guard(() => statements.anyDue.get(scope)) === undefined) return [];
      const limits = { ...scope, lease: leaseMs, maxClaims, maxPerConnection };
      return guard(() => statements.claim.all(limits)).map(toClaim);
    },
    async renewLeases(claims) {
      const until = now() + leaseMs;
      transaction(() => {
        for (const { subscription, epoch } of claims) statements.renew.run(until, subscription, epoch);
      });
    },
    async wake(subscriptions) {
      guard(() => statements.wake.run({ now: now(), ids: JSON.stringify(subscriptions) }));
    },
    commitPolls: batchCalls(async (commits) => transaction(() => commits.map(commitFeed))),
  };
}

function prepareFeedCommit(file: SqliteFile, now: () => number): (commit: FeedCommit) => boolean {
  const { database } = file;
  const valid = database.prepare(validClaimSql);
  const putState = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const deleteState = database.prepare('DELETE FROM state WHERE key = ?');
  const commitPoll = prepareCommit(file);
  const releasePoll = prepareRelease(file);
  return ({ results, writes }) => {
    const isValid = results.every(({ claim }) => valid.get(claim.subscription, claim.epoch) !== undefined);
    if (!isValid) return false;
    const at = now();
    for (const result of results) {
      if (isPollCommit(result)) commitPoll(result, at);
      else releasePoll(result, at);
    }
    for (const [key, value] of writes) {
      if (value === undefined) deleteState.run(key);
      else putState.run(key, value);
    }
    return true;
  };
}

function prepareCommit({ database }: SqliteFile): (poll: PollCommit, at: number) => void {
  const updateSubscription = database.prepare(commitPollSql);
  const insertEvent = database.prepare(
    `INSERT INTO outbox (subscription, target, record, item, due_at, due_set_at, created_at)
     VALUES ($subscription, (SELECT target FROM subscription WHERE id = $subscription), $record, $item, $now, $now, $now)`,
  );
  const wakeFailing = database.prepare(wakeFailingSql);
  return ({ claim, events, checkpoint, dueInMs, intervalMs, feedState, push }, at) => {
    const { subscription, epoch, failures, wakes } = claim;
    updateSubscription.run({
      id: subscription,
      epoch,
      checkpoint: JSON.stringify(checkpoint),
      now: at,
      dueIn: dueInMs,
      wakes,
      interval: intervalMs ?? null,
      push: push === undefined ? null : JSON.stringify(push),
      events: events.length,
      feedState: feedState === undefined ? null : JSON.stringify(feedState),
    });
    if (failures > 0) wakeFailing.run({ id: subscription, now: at, within: recoveryWindowMs });
    for (const event of events)
      insertEvent.run({ subscription, record: event.rowId, item: toStoredItem(event), now: at });
  };
}

function prepareRelease({ database }: SqliteFile): (poll: PollRelease, at: number) => void {
  const release = database.prepare(releasePollSql);
  const block = database.prepare(
    `UPDATE connection SET blocked_until = max(blocked_until, ?)
     WHERE name = (SELECT connection FROM subscription WHERE id = ?)`,
  );
  return ({ claim: { subscription, epoch }, dueInMs, failure, pauseReason, blockConnectionMs }, at) => {
    release.run({
      id: subscription,
      epoch,
      now: at,
      dueIn: dueInMs,
      pause: pauseReason ?? null,
      failure: failure === undefined ? null : JSON.stringify(failure),
    });
    if (blockConnectionMs !== undefined)
      block.run(at + Math.min(blockConnectionMs, maxConnectionBlockMs), subscription);
  };
}

function toClaim(row: Record<string, unknown>): Claim {
  const { id, feed, epoch, checkpoint, failures, failure, resumed, late_ms, outboxed } = row;
  const { wakes, scheduled_in, interval_ms } = row;
  return {
    subscription: String(id),
    feed: String(feed),
    epoch: Number(epoch),
    failures: Number(failures),
    failure: failure === null ? undefined : parseFailure(String(failure)),
    lateMs: Number(late_ms),
    wakes: Number(wakes),
    scheduledInMs: Number(scheduled_in),
    intervalMs: Number(interval_ms),
    outboxed: Number(outboxed),
    resumed: resumed === 1,
    ...parseCheckpoint(checkpoint === null ? undefined : String(checkpoint)),
  };
}
