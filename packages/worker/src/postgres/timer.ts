import { randomUUID } from 'node:crypto';
import type { Log } from 'dynamics365-connector';
import type { Postgres, Sql } from 'dynamics365-connector/node';
import { importOptional } from 'dynamics365-connector/node';
import type { PgBoss } from 'pg-boss';
import { LEASE_MS } from '../worker-store.ts';

/** A poll that is due: one pending job for each subscription. */
export interface Tick {
  readonly job: string;
  readonly subscription: string;
}

/** When a subscription is due, from now. */
export interface Appointment {
  readonly subscription: string;
  readonly dueInMs: number;
}

/** The durable timer: pg-boss in a schema of its own. Everything but `start` and `stop` joins a transaction. */
export interface Timer {
  /** Takes due jobs; they come back unless they are touched or removed in time. */
  take(sql: Sql, most: number): Promise<readonly Tick[]>;
  touch(jobs: readonly string[]): Promise<void>;
  remove(sql: Sql, jobs: readonly string[]): Promise<void>;
  arm(sql: Sql, appointments: readonly Appointment[]): Promise<void>;
  stop(): Promise<void>;
}

export const timerSchema = 'd365_timer';
export const timerQueue = 'polls';

/** Jobs live as long as their subscription does; these bounds only have to be far away. */
const YEAR_SECONDS = 31_536_000;

/** Starts the timer. The only importer of `pg-boss`, an optional package. */
export async function startTimer(postgres: Postgres, log: Log): Promise<Timer> {
  const { PgBoss } = await importOptional(() => import('pg-boss'), {
    name: 'pg-boss',
    feature: 'The worker on PostgreSQL',
    install: 'pg@8 pg-boss@12',
  });
  const boss = new PgBoss({
    db: toDatabase(postgres),
    schema: timerSchema,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', () => log({ level: 'error', event: 'worker.timer', fields: { code: 'STORE_FAILED' } }));
  await boss.start();
  await boss.createQueue(timerQueue, {
    // One job for each subscription, waiting or under way.
    policy: 'exclusive',
    partition: true,
    // Whoever takes a job shows that he lives; else it comes back, as often as need be.
    heartbeatSeconds: LEASE_MS / 1000,
    expireInSeconds: 86_399,
    retryLimit: 1_000_000,
    retentionSeconds: YEAR_SECONDS,
  });
  return createTimer(boss);
}

function createTimer(boss: PgBoss): Timer {
  return {
    async take(sql, most) {
      const jobs = await boss.fetch<{ subscription: string }>(timerQueue, {
        batchSize: most,
        db: toDatabase(sql),
      });
      return jobs.map(({ id, data }) => ({ job: id, subscription: data.subscription }));
    },
    async touch(jobs) {
      if (jobs.length > 0) await boss.touch(timerQueue, [...jobs]);
    },
    async remove(sql, jobs) {
      if (jobs.length > 0) await boss.deleteJob(timerQueue, [...jobs], { db: toDatabase(sql) });
    },
    async arm(sql, appointments) {
      const jobs = appointments.map(({ subscription, dueInMs }) => ({
        id: randomUUID(),
        data: { subscription },
        singletonKey: subscription,
        startAfter: Math.max(0, dueInMs) / 1000,
      }));
      if (jobs.length > 0) await boss.insert(timerQueue, jobs, { db: toDatabase(sql) });
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

/** As pg-boss wants to be given a database. */
function toDatabase(sql: Sql) {
  return {
    async executeSql(text: string, values?: readonly unknown[]) {
      return { rows: [...(await sql.query<object>(text, values))] };
    },
  };
}
