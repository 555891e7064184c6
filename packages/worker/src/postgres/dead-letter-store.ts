import type { Postgres } from 'dynamics365-connector/node';
import { parseItem } from '../parse-stored.ts';
import type { DeadLetter, DeadLetterSelection, WorkerStore } from '../worker-store.ts';

type DeadLetterStore = Pick<WorkerStore, 'deadLetters' | 'replayDeadLetters' | 'forgetDeadLetters'>;

const defaultMaxCount = 100;

/** Undefined members select everything. */
const selectedSql = `
  o.dead IS NOT NULL AND ($1::text IS NULL OR o.subscription = $1)
  AND ($2::bigint[] IS NULL OR o.sequence = ANY($2))`;

const listSql = `
  SELECT o.sequence, o.subscription, coalesce(s.trigger, '') AS trigger, o.target, o.record, o.item, o.attempts, o.dead,
    coalesce(1000 * extract(epoch FROM now() - o.dead_at), 0)::float8 AS dead_for
  FROM d365.outbox o LEFT JOIN d365.subscription s ON s.id = o.subscription
  WHERE ${selectedSql} AND o.sequence > $3
  ORDER BY o.sequence LIMIT $4`;

const replaySql = `
  UPDATE d365.outbox o SET dead = NULL, dead_at = NULL, attempts = 0, refusals = 0, due_at = now(), due_set_at = now(),
    replay = $3
  WHERE ${selectedSql} RETURNING o.sequence`;

const forgetSql = `
  WITH deleted AS (DELETE FROM d365.outbox o WHERE ${selectedSql} RETURNING o.subscription), counted AS (
    SELECT subscription, count(*) AS n FROM deleted GROUP BY subscription
  ), updated AS (
    UPDATE d365.subscription s SET forgotten = s.forgotten + counted.n FROM counted WHERE s.id = counted.subscription
  )
  SELECT count(*)::int AS count FROM deleted`;

interface DeadLetterRow {
  readonly sequence: string;
  readonly subscription: string;
  readonly trigger: string;
  readonly target: string;
  readonly record: string;
  readonly item: string;
  readonly attempts: number;
  readonly dead: string;
  readonly dead_for: number;
}

/** Lists, replays and deletes dead letters in PostgreSQL. */
export function createPostgresDeadLetterStore(postgres: Postgres): DeadLetterStore {
  return {
    async deadLetters({ maxCount = defaultMaxCount, after = 0, ...selection } = {}) {
      const values = [...toValues(selection), after, maxCount];
      return (await postgres.query<DeadLetterRow>(listSql, values)).map(toDeadLetter);
    },
    async replayDeadLetters(selection, mode) {
      return (await postgres.query(replaySql, [...toValues(selection), mode])).length;
    },
    async forgetDeadLetters(selection) {
      const [row] = await postgres.query<{ count: number }>(forgetSql, toValues(selection));
      return row?.count ?? 0;
    },
  };
}

function toValues({ subscription, sequences }: DeadLetterSelection): readonly unknown[] {
  return [subscription ?? null, sequences ?? null];
}

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  const { sequence, record, item, dead, dead_for, ...rest } = row;
  return {
    ...rest,
    sequence: Number(sequence),
    rowId: record,
    item: parseItem(item) ?? item,
    reason: dead,
    deadForMs: Math.max(0, dead_for),
  };
}
