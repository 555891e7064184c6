import type { PollItem } from 'dynamics365-connector';
import type { SqliteFile } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { pausedByUser, type WorkerStore } from '../worker-store.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type OutboxStore = Pick<WorkerStore, 'claimDeliveries' | 'acknowledge' | 'reject' | 'requeue'>;

/** A claim moves the due time, so that the event is due again if the worker crashes. */
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
    ORDER BY o.due_at, o.sequence LIMIT $maxCount
  )
  RETURNING sequence, subscription, item, attempts`;

/** The outbox in SQLite. Concurrent acknowledgements share one transaction, and so one fsync. */
export function createSqliteOutboxStore(file: SqliteFile, { now, leaseMs }: LeaseClock): OutboxStore {
  const { guard, transaction } = file;
  const statements = prepareStatements(file);
  const toDelivery = ({ sequence, subscription, item, attempts }: Record<string, unknown>) => ({
    sequence: Number(sequence),
    subscription: String(subscription),
    trigger: String(statements.trigger.get(String(subscription))?.trigger),
    item: JSON.parse(String(item)) as PollItem,
    attempt: Number(attempts),
  });
  return {
    async claimDeliveries(maxCount) {
      const at = now();
      if (guard(() => statements.anyDue.get(at)) === undefined) return [];
      const values = { now: at, lease: leaseMs, paused: pausedByUser, maxCount };
      const rows = guard(() => statements.claim.all(values));
      return rows.map(toDelivery).sort((a, b) => a.sequence - b.sequence);
    },
    acknowledge: batchCalls(async (deliveries) => {
      transaction(() => {
        for (const { sequence, attempt } of deliveries) statements.acknowledge.run(sequence, attempt);
      });
      return deliveries.map(() => undefined);
    }),
    async reject({ sequence, attempt }, { retryInMs, deadLetter, reason }) {
      const dueAt = now() + retryInMs;
      guard(() => statements.reject.run(dueAt, deadLetter ? reason : null, sequence, attempt));
    },
    async requeue(subscription) {
      return Number(guard(() => statements.requeue.run(now(), subscription)).changes);
    },
  };
}

/** A later attempt belongs to another worker, so `acknowledge` and `reject` compare the number of attempts. */
function prepareStatements({ database }: SqliteFile) {
  return {
    anyDue: database.prepare('SELECT 1 FROM outbox WHERE dead IS NULL AND due_at <= ? LIMIT 1'),
    claim: database.prepare(claimDeliveriesSql),
    trigger: database.prepare('SELECT trigger FROM subscription WHERE id = ?'),
    acknowledge: database.prepare('DELETE FROM outbox WHERE sequence = ? AND attempts = ?'),
    reject: database.prepare('UPDATE outbox SET due_at = ?, dead = ? WHERE sequence = ? AND attempts = ?'),
    requeue: database.prepare(
      'UPDATE outbox SET dead = NULL, attempts = 0, due_at = ? WHERE subscription = ? AND dead IS NOT NULL',
    ),
  };
}
