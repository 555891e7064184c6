import { randomUUID } from 'node:crypto';
import type { Log } from 'dynamics365-connector';
import { importOptional, oneAtATime, type Postgres, type Sql } from 'dynamics365-connector/node';
import type { PgBoss } from 'pg-boss';
import { allOrigins, leaseDurationMs, type SubscriptionOrigin } from '../worker-store.ts';

/** A due feed. Each feed has one pending job, whose priority stands for its origin. */
export interface PollJob {
  readonly jobId: string;
  readonly feed: string;
}

/** The next poll of a feed. */
export interface ScheduledPoll {
  readonly feed: string;
  readonly origin: SubscriptionOrigin;
  readonly dueInMs: number;
}

/** The durable schedule of polls: a queue of pg-boss in its own schema. Methods with `sql` run in its transaction. */
export interface PollQueue {
  /** Takes due jobs. They are due again unless they are touched or removed before their lease expires. */
  fetch(sql: Sql, maxCount: number, origins?: readonly SubscriptionOrigin[]): Promise<readonly PollJob[]>;
  touch(jobs: readonly string[]): Promise<void>;
  remove(sql: Sql, jobs: readonly string[]): Promise<void>;
  schedule(sql: Sql, polls: readonly ScheduledPoll[]): Promise<void>;
  stop(): Promise<void>;
}

export const pollQueueSchema = 'd365_timer';
export const pollQueueName = 'polls';

/** Jobs last as long as their feed, so this only has to be long. */
const retentionSeconds = 31_536_000;

/** The log of a queue, and how often it maintains its tables. */
export interface PollQueueOptions {
  readonly log: Log;
  readonly maintenanceSeconds?: number;
}

/** Starts the queue. Only this function imports `pg-boss`, which is an optional package. */
export async function startPollQueue(
  postgres: Postgres,
  { log, maintenanceSeconds = 5 }: PollQueueOptions,
): Promise<PollQueue> {
  const { PgBoss } = await importOptional(() => import('pg-boss'), {
    name: 'pg-boss',
    feature: 'The worker on PostgreSQL',
    install: 'pg@8 pg-boss@12',
  });
  const boss = new PgBoss({
    db: toPgBossDatabase(postgres),
    schema: pollQueueSchema,
    schedule: false,
    superviseIntervalSeconds: maintenanceSeconds,
    monitorIntervalSeconds: maintenanceSeconds,
  });
  // Errors of the database have no values of rows, because Postgres has replaced their messages.
  boss.on('error', ({ message }) =>
    log({ level: 'error', event: 'worker.poll-queue', fields: { code: 'STORE_FAILED', reason: message } }),
  );
  await oneAtATime(postgres, async () => {
    await boss.start();
    await boss.createQueue(pollQueueName, {
      // One waiting or running job for each feed.
      policy: 'exclusive',
      partition: true,
      // Workers renew their jobs. A job that is not renewed is due again, with practically no limit of retries.
      heartbeatSeconds: leaseDurationMs / 1000,
      expireInSeconds: 86_399,
      retryLimit: 1_000_000,
      retentionSeconds,
    });
  });
  return createPollQueue(boss);
}

function createPollQueue(boss: PgBoss): PollQueue {
  return {
    async fetch(sql, maxCount, origins = allOrigins) {
      const priorities = origins.map(priorityOf);
      const jobs = await boss.fetch<{ feed: string }>(pollQueueName, {
        batchSize: maxCount,
        minPriority: Math.min(...priorities),
        maxPriority: Math.max(...priorities),
        db: toPgBossDatabase(sql),
      });
      return jobs.map(({ id, data }) => ({ jobId: id, feed: data.feed }));
    },
    async touch(jobs) {
      if (jobs.length > 0) await boss.touch(pollQueueName, [...jobs]);
    },
    async remove(sql, jobs) {
      if (jobs.length > 0) await boss.deleteJob(pollQueueName, [...jobs], { db: toPgBossDatabase(sql) });
    },
    async schedule(sql, polls) {
      const jobs = polls.map(({ feed, origin, dueInMs }) => ({
        id: randomUUID(),
        data: { feed },
        priority: priorityOf(origin),
        singletonKey: feed,
        startAfter: Math.max(0, dueInMs) / 1000,
      }));
      if (jobs.length > 0) await boss.insert(pollQueueName, jobs, { db: toPgBossDatabase(sql) });
    },
    stop: () => boss.stop({ graceful: false }),
  };
}

const priorityOf = (origin: SubscriptionOrigin) => allOrigins.indexOf(origin);

/** The database interface of pg-boss. */
function toPgBossDatabase(sql: Sql) {
  return {
    async executeSql(text: string, values?: readonly unknown[]) {
      return { rows: [...(await sql.query<object>(text, values))] };
    },
  };
}
