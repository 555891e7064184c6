import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type Postgres } from 'dynamics365-connector/node';
import { startPostgres } from '../../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-postgres-worker-store.ts';
import { countEvents, type PostedEvent, type SoakCounts } from './count-events.ts';
import type { WorkerProcessOptions } from './messages.ts';
import { kill, sleep, startOrganization, startSpareWorker, startWork, writeDefinition } from './processes.ts';

/** How long and how hard. */
export interface DistributedSoakOptions {
  readonly workers: number;
  readonly triggers: number;
  readonly everyMs: number;
  readonly changeEveryMs: number;
  readonly kills: number;
  readonly killEveryMs: number;
  /** Before this kill the database restarts. */
  readonly restartBefore: number;
  readonly report?: (line: string) => void;
}

export interface DistributedSoakCounts extends SoakCounts {
  /** Subscriptions that the reconciler had to arm again. */
  readonly rescheduled: number;
  readonly polls: number;
}

const report = (soak: DistributedSoakOptions, line: string) =>
  soak.report?.(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Kills workers that share a PostgreSQL, and restarts it once; then lets them finish, and counts. */
export async function soakDistributed(soak: DistributedSoakOptions): Promise<DistributedSoakCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const server = await startPostgres();
  const organization = await startOrganization(soak.triggers, 5, 'stub-organization.ts');
  const workers: ChildProcess[] = [];
  const database = await openPostgres(server.url);
  try {
    const options = await prepare(folder, server.url, {
      everyMs: soak.everyMs,
      organization: organization.info,
    });
    await createEventLog(server.url, database);
    for (let i = 0; i < soak.workers; i++) workers.push(await startWorker(options));
    await waitUntil(async () => (await countPolled(database)) === soak.triggers, 120_000);
    report(soak, `${soak.triggers} triggers have begun`);
    organization.start(soak.changeEveryMs);
    for (let kills = 1; kills <= soak.kills; kills++) {
      await sleep(soak.killEveryMs);
      if (kills === soak.restartBefore) {
        await server.restart();
        report(soak, 'the database was restarted');
      }
      await kill(workers.shift()!);
      workers.push(await startWorker(options));
      report(soak, `kill ${kills}, ${(await postedEvents(database)).length} events`);
    }
    const expectedEvents = await organization.stop();
    await waitUntil(
      async () =>
        (await isOutboxEmpty(database)) && (await postedEvents(database)).length >= expectedEvents.length,
      180_000,
    );
    await sleep(Math.min(soak.everyMs, 10_000)); // what comes too often comes now
    const store = await openPostgresWorkerStore(server.url);
    const rescheduled = (await store.reschedule()) + (await countRescheduled(workers));
    const polls = (await store.status()).reduce((sum, each) => sum + each.polls, 0);
    await store.close();
    return {
      ...countEvents(expectedEvents, await postedEvents(database), options.arrivals),
      rescheduled: rescheduled,
      polls,
    };
  } finally {
    await Promise.all(workers.map(kill));
    organization.end();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function prepare(
  folder: string,
  postgres: string,
  rest: Pick<WorkerProcessOptions, 'everyMs' | 'organization'>,
): Promise<WorkerProcessOptions> {
  const [definition, arrivals] = [join(folder, 'definition.json'), join(folder, 'arrivals')];
  await writeDefinition(definition);
  writeFileSync(arrivals, '');
  return { definition, arrivals, store: { postgres }, ...rest };
}

async function startWorker(options: WorkerProcessOptions): Promise<ChildProcess> {
  const worker = await startSpareWorker();
  await startWork(worker, options);
  return worker;
}

/** Lets the database itself write down what is put into the outbox, in the transaction that puts it there. */
async function createEventLog(url: string, database: Postgres): Promise<void> {
  await (await openPostgresWorkerStore(url)).close();
  await database.query(`
    CREATE TABLE d365.posted (subscription text, record text, item text);
    CREATE FUNCTION d365.log_posted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO d365.posted VALUES (NEW.subscription, NEW.record, NEW.item::json ->> 'id');
      RETURN NULL;
    END $$;
    CREATE TRIGGER log AFTER INSERT ON d365.outbox FOR EACH ROW EXECUTE FUNCTION d365.log_posted();
  `);
}

const postedEvents = (database: Postgres) =>
  database.query<PostedEvent>('SELECT subscription, record, item FROM d365.posted');

async function countPolled(database: Postgres): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM d365.subscription WHERE polls > 0',
  );
  return row!.n;
}

async function isOutboxEmpty(database: Postgres): Promise<boolean> {
  const [row] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM d365.outbox');
  return row!.n === 0;
}

/** What the workers that live counted themselves. */
async function countRescheduled(workers: readonly ChildProcess[]): Promise<number> {
  let sum = 0;
  for (const worker of workers) {
    const answer = new Promise<string>((resolve) =>
      worker.once('message', (text) => resolve(text as string)),
    );
    worker.send('metrics');
    sum += Number(/d365_worker_rescheduled_total\{kind="rescheduled"\} (\d+)/.exec(await answer)?.[1] ?? 0);
  }
  return sum;
}

/** Looks again and again; gives up after a while, and the count tells what was missing. */
async function waitUntil(done: () => Promise<boolean>, maxWaitMs: number): Promise<void> {
  for (let waited = 0; !(await done()) && waited < maxWaitMs; waited += 500) await sleep(500);
}
