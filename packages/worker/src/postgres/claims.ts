import type { Postgres, Sql } from 'dynamics365-connector/node';
import { type Claim, type ClaimLimits, LEASE_MS } from '../worker-store.ts';
import type { Appointment, Tick, Timer } from './timer.ts';

/** A connection as its row says, locked. */
interface ConnectionRow {
  readonly name: string;
  readonly blocked_ms: number;
  readonly busy: number;
}

interface SubscriptionRow {
  readonly id: string;
  readonly connection: string;
  readonly idle: boolean;
}

/** What becomes of ticks: polled now, put off, or dropped because their subscription is paused or rests. */
export interface Admission {
  readonly admitted: readonly string[];
  readonly deferred: readonly Appointment[];
}

/** Where a connection is full, its overflow comes back in ranks: about as long as a poll takes, for each. */
const RANK_MS = 500;

/** Holds ticks against the limits of their connections. Pure. */
export function admit(
  subscriptions: readonly SubscriptionRow[],
  connections: readonly ConnectionRow[],
  perConnection: number,
): Admission {
  const places = new Map(connections.map(({ name, busy }) => [name, busy]));
  const blockedMs = new Map(connections.map((row) => [row.name, row.blocked_ms]));
  const admitted: string[] = [];
  const deferred: Appointment[] = [];
  for (const { id, connection, idle } of subscriptions) {
    if (idle) continue;
    const place = places.get(connection) ?? 0;
    const waitMs = blockedMs.get(connection) ?? 0;
    if (waitMs > 0) deferred.push({ subscription: id, dueInMs: waitMs });
    else {
      places.set(connection, place + 1);
      if (place < perConnection) admitted.push(id);
      else deferred.push({ subscription: id, dueInMs: Math.floor(place / perConnection) * RANK_MS });
    }
  }
  return { admitted, deferred };
}

/** Takes due ticks and turns them into claims, in one transaction; the rows of their connections are locked. */
export async function claimDue(
  postgres: Postgres,
  timer: Timer,
  { most, perConnection }: ClaimLimits,
): Promise<readonly Claim[]> {
  return await postgres.transaction(async (sql) => {
    const ticks = await timer.take(sql, most);
    if (ticks.length === 0) return [];
    const ids = ticks.map(({ subscription }) => subscription);
    const connections = await sql.query<ConnectionRow>(lockConnections, [ids]);
    const subscriptions = await sql.query<SubscriptionRow>(readSubscriptions, [ids]);
    const { admitted, deferred } = admit(subscriptions, connections, perConnection);
    const jobs = new Map(ticks.map(({ subscription, job }) => [subscription, job]));
    const taken = new Set(admitted);
    await timer.remove(
      sql,
      ticks.filter((tick) => !taken.has(tick.subscription)).map(({ job }) => job),
    );
    await timer.arm(sql, deferred);
    return await takeLeases(sql, admitted, jobs);
  });
}

const lockConnections = `
  SELECT name,
    coalesce(greatest(0, 1000 * extract(epoch FROM blocked_until - now())), 0)::float8 AS blocked_ms,
    (SELECT count(*) FROM d365.subscription b WHERE b.connection = name AND b.leased_until > now())::int AS busy
  FROM d365.connection
  WHERE name IN (SELECT connection FROM d365.subscription WHERE id = ANY($1))
  ORDER BY name FOR UPDATE`;

const readSubscriptions = `
  SELECT id, connection, resting OR paused_by IS NOT NULL AS idle
  FROM d365.subscription WHERE id = ANY($1) ORDER BY next_due_at`;

const lease = `
  UPDATE d365.subscription SET epoch = epoch + 1, leased_until = now() + $2 * interval '1 ms'
  WHERE id = ANY($1)
  RETURNING id, epoch, checkpoint, failures, (1000 * extract(epoch FROM now() - next_due_at))::float8 AS late`;

interface LeasedRow {
  readonly id: string;
  readonly epoch: string;
  readonly checkpoint: string | null;
  readonly failures: number;
  readonly late: number;
}

async function takeLeases(
  sql: Sql,
  ids: readonly string[],
  jobs: ReadonlyMap<string, Tick['job']>,
): Promise<readonly Claim[]> {
  if (ids.length === 0) return [];
  const rows = await sql.query<LeasedRow>(lease, [ids, LEASE_MS]);
  return rows.map(({ id, epoch, checkpoint, failures, late }) => ({
    subscription: id,
    epoch: Number(epoch),
    failures,
    lateMs: Math.max(0, late),
    ticket: jobs.get(id)!,
    ...(checkpoint === null ? {} : { checkpoint: JSON.parse(checkpoint) }),
  }));
}
