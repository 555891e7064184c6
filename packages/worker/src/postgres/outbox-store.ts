import type { PollItem } from 'dynamics365-connector';
import type { Sql } from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { leaseDurationMs, type OutboxDelivery, pausedByUser, type WorkerStore } from '../worker-store.ts';

type OutboxStore = Pick<WorkerStore, 'claimDeliveries' | 'acknowledge' | 'reject' | 'requeue'>;

/** A claim moves the due time, so that the event is due again if the worker crashes. */
const claimDeliveriesSql = `
  WITH due AS (
    SELECT o.sequence FROM d365.outbox o
    WHERE o.dead IS NULL AND o.due_at <= now()
      AND NOT EXISTS (
        SELECT 1 FROM d365.outbox older
        WHERE older.subscription = o.subscription AND older.record = o.record
          AND older.sequence < o.sequence AND older.dead IS NULL
      )
      AND NOT EXISTS (SELECT 1 FROM d365.subscription p WHERE p.id = o.subscription AND p.paused_by = $3)
    ORDER BY o.due_at, o.sequence LIMIT $1
    FOR UPDATE OF o SKIP LOCKED
  )
  UPDATE d365.outbox o SET attempts = o.attempts + 1, due_at = now() + $2 * interval '1 ms'
  FROM due, d365.subscription s
  WHERE o.sequence = due.sequence AND s.id = o.subscription
  RETURNING o.sequence, o.subscription, s.trigger, o.item, o.attempts`;

interface OutboxRow {
  readonly sequence: string;
  readonly subscription: string;
  readonly trigger: string;
  readonly item: string;
  readonly attempts: number;
}

/** The outbox in PostgreSQL. Concurrent acknowledgements are one statement. */
export function createPostgresOutboxStore(sql: Sql): OutboxStore {
  return {
    async claimDeliveries(maxCount) {
      const rows = await sql.query<OutboxRow>(claimDeliveriesSql, [maxCount, leaseDurationMs, pausedByUser]);
      return rows.map(toDelivery).sort((a, b) => a.sequence - b.sequence);
    },
    acknowledge: batchCalls(async (deliveries) => {
      // A later attempt belongs to another worker, so its event is not deleted.
      await sql.query(
        `DELETE FROM d365.outbox o USING unnest($1::bigint[], $2::int[]) AS done (sequence, attempts)
         WHERE o.sequence = done.sequence AND o.attempts = done.attempts`,
        [deliveries.map(({ sequence }) => sequence), deliveries.map(({ attempt }) => attempt)],
      );
      return deliveries.map(() => undefined);
    }),
    async reject({ sequence, attempt }, { retryInMs, deadLetter, reason }) {
      await sql.query(
        `UPDATE d365.outbox SET due_at = now() + $3 * interval '1 ms', dead = $4
         WHERE sequence = $1 AND attempts = $2`,
        [sequence, attempt, retryInMs, deadLetter ? reason : null],
      );
    },
    async requeue(subscription) {
      const rows = await sql.query(
        `UPDATE d365.outbox SET dead = NULL, attempts = 0, due_at = now()
         WHERE subscription = $1 AND dead IS NOT NULL RETURNING sequence`,
        [subscription],
      );
      return rows.length;
    },
  };
}

function toDelivery({ sequence, subscription, trigger, item, attempts }: OutboxRow): OutboxDelivery {
  return {
    sequence: Number(sequence),
    subscription,
    trigger,
    item: JSON.parse(item) as PollItem,
    attempt: attempts,
  };
}
