import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres, type Postgres } from 'dynamics365-connector/node';
import { startPostgres } from '../../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-store.ts';
import { type Count, count, type Posted } from './count.ts';
import type { WorkerOrder } from './messages.ts';
import { kill, pause, send, spareWorker, startOrganisation, writeDefinition } from './processes.ts';

/** How long and how hard. */
export interface DistributedSoak {
  readonly workers: number;
  readonly triggers: number;
  readonly everyMs: number;
  readonly changeEveryMs: number;
  readonly kills: number;
  readonly killEveryMs: number;
  /** Before this kill the database restarts. */
  readonly restartBefore: number;
  readonly say?: (line: string) => void;
}

export interface DistributedCount extends Count {
  /** Subscriptions that the reconciler had to arm again. */
  readonly rearmed: number;
  readonly polls: number;
}

const say = (soak: DistributedSoak, line: string) =>
  soak.say?.(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Kills workers that share a PostgreSQL, and restarts it once; then lets them finish, and counts. */
export async function soakDistributed(soak: DistributedSoak): Promise<DistributedCount> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const server = await startPostgres();
  const organisation = await startOrganisation(soak.triggers, 5, 'stub-organisation.ts');
  const workers: ChildProcess[] = [];
  const database = await openPostgres(server.url);
  try {
    const order = await prepare(folder, server.url, { everyMs: soak.everyMs, facts: organisation.facts });
    await keepLog(server.url, database);
    for (let i = 0; i < soak.workers; i++) workers.push(await startWorker(order));
    await until(async () => (await polled(database)) === soak.triggers, 120_000);
    say(soak, `${soak.triggers} triggers have begun`);
    organisation.start(soak.changeEveryMs);
    for (let kills = 1; kills <= soak.kills; kills++) {
      await pause(soak.killEveryMs);
      if (kills === soak.restartBefore) {
        await server.restart();
        say(soak, 'the database was restarted');
      }
      await kill(workers.shift()!);
      workers.push(await startWorker(order));
      say(soak, `kill ${kills}, ${(await posted(database)).length} events`);
    }
    const truth = await organisation.stop();
    await until(
      async () => (await isQuiet(database)) && (await posted(database)).length >= truth.length,
      180_000,
    );
    await pause(Math.min(soak.everyMs, 10_000)); // what comes too often comes now
    const store = await openPostgresWorkerStore(server.url);
    const rearmed = (await store.rearm()) + (await rearmedBy(workers));
    const polls = (await store.status()).reduce((sum, each) => sum + each.polls, 0);
    await store.close();
    return { ...count(truth, await posted(database), order.arrivals), rearmed, polls };
  } finally {
    await Promise.all(workers.map(kill));
    organisation.end();
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function prepare(
  folder: string,
  postgres: string,
  rest: Pick<WorkerOrder, 'everyMs' | 'facts'>,
): Promise<WorkerOrder> {
  const [definition, arrivals] = [join(folder, 'definition.json'), join(folder, 'arrivals')];
  await writeDefinition(definition);
  writeFileSync(arrivals, '');
  return { definition, arrivals, store: { postgres }, ...rest };
}

async function startWorker(order: WorkerOrder): Promise<ChildProcess> {
  const worker = await spareWorker();
  await send(worker, order);
  return worker;
}

/** Lets the database itself write down what is put into the outbox, in the transaction that puts it there. */
async function keepLog(url: string, database: Postgres): Promise<void> {
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

const posted = (database: Postgres) =>
  database.query<Posted>('SELECT subscription, record, item FROM d365.posted');

async function polled(database: Postgres): Promise<number> {
  const [row] = await database.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM d365.subscription WHERE polls > 0',
  );
  return row!.n;
}

async function isQuiet(database: Postgres): Promise<boolean> {
  const [row] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM d365.outbox');
  return row!.n === 0;
}

/** What the workers that live counted themselves. */
async function rearmedBy(workers: readonly ChildProcess[]): Promise<number> {
  let sum = 0;
  for (const worker of workers) {
    const answer = new Promise<string>((resolve) =>
      worker.once('message', (text) => resolve(text as string)),
    );
    worker.send('metrics');
    sum += Number(/d365_worker_rearmed_total\{kind="rearmed"\} (\d+)/.exec(await answer)?.[1] ?? 0);
  }
  return sum;
}

/** Looks again and again; gives up after a while, and the count tells what was missing. */
async function until(done: () => Promise<boolean>, mostMs: number): Promise<void> {
  for (let waited = 0; !(await done()) && waited < mostMs; waited += 500) await pause(500);
}
