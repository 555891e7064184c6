import type { PollItem } from 'dynamics365-connector';
import type { SqliteFile } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import {
  type DeliveryRejection,
  type OutboxDelivery,
  pausedByUser,
  type WorkerStore,
} from '../worker-store.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type OutboxStore = Pick<WorkerStore, 'claimDeliveries' | 'acknowledge' | 'reject' | 'requeue'>;

/** A claim moves the due time: should its taker die, the event is due again by itself. */
const claimDeliveriesSql = `
  UPDATE outbox SET attempts = attempts + 1, due_at = $now + $lease
  WHERE sequence IN (
    SELECT o.sequence FROM outbox o JOIN subscription s ON s.id = o.subscription
    WHERE o.dead IS NULL AND o.due_at <= $now AND s.paused_by IS NOT $paused
      AND NOT EXISTS (
        SELECT 1 FROM outbox older
        WHERE older.subscription = o.subscription AND older.record = o.record
          AND older.sequence < o.sequence AND older.dead IS NULL
      )
    ORDER BY o.due_at, o.sequence LIMIT $maxClaims
  )
  RETURNING sequence, subscription, item, attempts`;

/** The outbox in the worker's file. Acknowledgements that come together share one fsync. */
export function createSqliteOutboxStore(
  { database, guard, transaction }: SqliteFile,
  { now, leaseMs }: LeaseClock,
): OutboxStore {
  const statements = {
    someDue: database.prepare('SELECT 1 FROM outbox WHERE dead IS NULL AND due_at <= ? LIMIT 1'),
    claim: database.prepare(claimDeliveriesSql),
    trigger: database.prepare('SELECT trigger FROM subscription WHERE id = ?'),
    // Under another attempt it is somebody else's by now.
    remove: database.prepare('DELETE FROM outbox WHERE sequence = ? AND attempts = ?'),
    refuse: database.prepare('UPDATE outbox SET due_at = ?, dead = ? WHERE sequence = ? AND attempts = ?'),
    revive: database.prepare(
      'UPDATE outbox SET dead = NULL, attempts = 0, due_at = ? WHERE subscription = ? AND dead IS NOT NULL',
    ),
  };
  const toDelivery = ({ sequence, subscription, item, attempts }: Record<string, unknown>) => ({
    sequence: Number(sequence),
    subscription: String(subscription),
    trigger: String(statements.trigger.get(String(subscription))?.trigger),
    item: JSON.parse(String(item)) as PollItem,
    attempt: Number(attempts),
  });
  const deleteDelivered = ({ sequence, attempt }: OutboxDelivery) =>
    void statements.remove.run(sequence, attempt);
  const rejectDelivery = (
    { sequence, attempt }: OutboxDelivery,
    { retryInMs, deadLetter, reason }: DeliveryRejection,
  ) => void statements.refuse.run(now() + retryInMs, deadLetter ? reason : null, sequence, attempt);
  return {
    async claimDeliveries(maxCount) {
      const at = now();
      if (guard(() => statements.someDue.get(at)) === undefined) return [];
      const rows = guard(() =>
        statements.claim.all({ now: at, lease: leaseMs, paused: pausedByUser, maxClaims: maxCount }),
      );
      return rows.map(toDelivery).sort((a, b) => a.sequence - b.sequence);
    },
    acknowledge: batchCalls(async (deliveries) => transaction(() => deliveries.map(deleteDelivered))),
    async reject(delivery, rejection) {
      guard(() => rejectDelivery(delivery, rejection));
    },
    async requeue(subscription) {
      return Number(guard(() => statements.revive.run(now(), subscription)).changes);
    },
  };
}
