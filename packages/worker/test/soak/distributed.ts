import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type Postgres } from 'dynamics365-connector/node';
import { startPostgres, type TestPostgres } from '../../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-postgres-worker-store.ts';
import { countEvents, type SoakCounts, type StoredEvent } from './count-events.ts';
import type { WorkerProcessOptions } from './messages.ts';
import {
  kill,
  type OrganizationProcess,
  sleep,
  startOrganization,
  startSpareWorker,
  startWork,
  waitUntil,
  writeDefinition,
} from './processes.ts';

/** The size of a soak test. */
export interface DistributedSoakOptions {
  readonly workers: number;
  readonly triggers: number;
  readonly everyMs: number;
  /** Time between two changes in the organization. */
  readonly changeEveryMs: number;
  readonly kills: number;
  readonly killEveryMs: number;
  /** The number of the kill before which the database restarts. */
  readonly restartBefore: number;
  readonly report?: (line: string) => void;
}

/** The result of the test on PostgreSQL. */
export interface DistributedSoakCounts extends SoakCounts {
  /** Subscriptions that had no scheduled poll. */
  readonly rescheduled: number;
  readonly polls: number;
}

/** The processes of a test. */
interface SoakEnvironment {
  readonly soak: DistributedSoakOptions;
  readonly server: TestPostgres;
  readonly database: Postgres;
  readonly organization: OrganizationProcess;
  readonly options: WorkerProcessOptions;
  readonly workers: ChildProcess[];
}

/** Kills workers that share a PostgreSQL database, and restarts it once. Then lets them finish, and counts the events. */
export async function soakDistributed(soak: DistributedSoakOptions): Promise<DistributedSoakCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const server = await startPostgres();
  const organization = await startOrganization(soak.triggers, 5, 'stub-organization.ts');
  const workers: ChildProcess[] = [];
  const database = await openPostgres(server.url);
  try {
    const { everyMs } = soak;
    const store = { postgres: server.url };
    const options = { ...(await createFiles(folder)), store, everyMs, organization: organization.info };
    await createEventLog(server.url, database);
    return await runSoak({ soak, server, database, organization, options, workers });
  } finally {
    await Promise.all(workers.map(kill));
    organization.end();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function runSoak(environment: SoakEnvironment): Promise<DistributedSoakCounts> {
  const { soak, server, database, organization, options, workers } = environment;
  for (let i = 0; i < soak.workers; i++) workers.push(await startWorker(options));
  await waitUntil(async () => (await countPolled(database)) === soak.triggers, {
    intervalMs: 500,
    maxWaitMs: 120_000,
  });
  report(soak, `${soak.triggers} triggers have polled`);
  organization.start(soak.changeEveryMs);
  await killWorkers(environment);
  const expectedEvents = await organization.stop();
  const isDone = async () =>
    (await isOutboxEmpty(database)) && (await readStoredEvents(database)).length >= expectedEvents.length;
  await waitUntil(isDone, { intervalMs: 500, maxWaitMs: 180_000 });
  // Repeated events would be stored now.
  await sleep(Math.min(soak.everyMs, 10_000));
  const store = await openPostgresWorkerStore(server.url);
  const rescheduled = (await store.reschedule()) + (await countRescheduled(workers));
  const polls = (await store.status()).reduce((sum, subscription) => sum + subscription.polls, 0);
  await store.close();
  const storedEvents = await readStoredEvents(database);
  return { ...countEvents(expectedEvents, storedEvents, options.deliveriesFile), rescheduled, polls };
}

async function killWorkers({ soak, server, database, options, workers }: SoakEnvironment): Promise<void> {
  for (let kills = 1; kills <= soak.kills; kills++) {
    await sleep(soak.killEveryMs);
    if (kills === soak.restartBefore) {
      await server.restart();
      report(soak, 'the database has restarted');
    }
    await kill(workers.shift()!);
    workers.push(await startWorker(options));
    report(soak, `kill ${kills}, ${(await readStoredEvents(database)).length} events`);
  }
}

function report(soak: DistributedSoakOptions, line: string): void {
  soak.report?.(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

async function createFiles(folder: string) {
  const files = { definition: join(folder, 'definition.json'), deliveriesFile: join(folder, 'deliveries') };
  await writeDefinition(files.definition);
  writeFileSync(files.deliveriesFile, '');
  return files;
}

async function startWorker(options: WorkerProcessOptions): Promise<ChildProcess> {
  const worker = await startSpareWorker();
  await startWork(worker, options);
  return worker;
}

/** Adds a trigger that logs the events of the outbox, in the transaction that stores them. */
async function createEventLog(url: string, database: Postgres): Promise<void> {
  await (await openPostgresWorkerStore(url)).close();
  await database.query(`
    CREATE TABLE d365.stored_event (subscription text, record text, item text);
    CREATE FUNCTION d365.log_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO d365.stored_event VALUES (NEW.subscription, NEW.record, NEW.item::json ->> 'id');
      RETURN NULL;
    END $$;
    CREATE TRIGGER log AFTER INSERT ON d365.outbox FOR EACH ROW EXECUTE FUNCTION d365.log_event();
  `);
}

async function readStoredEvents(database: Postgres): Promise<readonly StoredEvent[]> {
  return await database.query<StoredEvent>('SELECT subscription, record, item FROM d365.stored_event');
}

async function countPolled(database: Postgres): Promise<number> {
  const sql = 'SELECT count(*)::int AS n FROM d365.subscription WHERE polls > 0';
  const [row] = await database.query<{ n: number }>(sql);
  return row!.n;
}

async function isOutboxEmpty(database: Postgres): Promise<boolean> {
  const [row] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM d365.outbox');
  return row!.n === 0;
}

/** Reads the metric of the running workers. */
async function countRescheduled(workers: readonly ChildProcess[]): Promise<number> {
  let sum = 0;
  for (const worker of workers) {
    worker.send('metrics');
    const [metrics] = (await once(worker, 'message')) as [string];
    sum += Number(/d365_worker_rescheduled_total\{kind="rescheduled"\} (\d+)/.exec(metrics)?.[1] ?? 0);
  }
  return sum;
}
