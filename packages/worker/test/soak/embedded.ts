import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import { countEvents, type PostedEvent, type SoakCounts } from './count-events.ts';
import type { ExpectedEvent, WorkerProcessOptions } from './messages.ts';
import { kill, sleep, startOrganization, startSpareWorker, startWork, writeDefinition } from './processes.ts';

/** How long and how hard. */
export interface EmbeddedSoakOptions {
  readonly triggers: number;
  readonly kills: number;
  readonly everyMs: number;
  /** Something happens so often. */
  readonly changeEveryMs: number;
  readonly report?: (line: string) => void;
}

/** Kills worker after worker on one file while they poll; then lets the last one finish, and counts. */
export async function soakEmbedded(
  soak: EmbeddedSoakOptions,
): Promise<SoakCounts & { readonly damaged: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const file = join(folder, 'worker.sqlite');
  const arrivals = join(folder, 'arrivals');
  writeFileSync(arrivals, '');
  await createEventLog(file);
  const organization = await startOrganization(soak.triggers, 30);
  try {
    const definition = join(folder, 'definition.json');
    await writeDefinition(definition);
    const options: WorkerProcessOptions = {
      definition,
      store: { file, leaseMs: 2000 },
      organization: organization.info,
      everyMs: soak.everyMs,
      arrivals,
    };
    let worker = await startSpareWorker();
    await startWork(worker, options);
    await waitUntil(() => countPolled(file) === soak.triggers);
    organization.start(soak.changeEveryMs);
    let damaged = 0;
    for (let kills = 1; kills <= soak.kills; kills++) {
      const spare = await startSpareWorker();
      await sleep(Math.random() * 500);
      await kill(worker);
      if (!isIntact(file)) damaged += 1;
      worker = spare;
      await startWork(worker, options);
      if (kills % 20 === 0) soak.report?.(`${kills} kills, ${postedIn(file).length} events`);
    }
    const expectedEvents = await organization.stop();
    await waitUntil(() => isDone(file, expectedEvents), 60_000);
    await sleep(3 * soak.everyMs); // what comes too often comes now
    await kill(worker);
    return { ...countEvents(expectedEvents, postedIn(file), arrivals), damaged };
  } finally {
    organization.end();
    rmSync(folder, { recursive: true });
  }
}

/** Lets the database itself write down what is put into the outbox, in the transaction that puts it there. */
async function createEventLog(file: string): Promise<void> {
  await openSqliteWorkerStore(file).close();
  read(file, (database) =>
    database.exec(`
      CREATE TABLE posted (subscription TEXT, record TEXT, item TEXT);
      CREATE TRIGGER log AFTER INSERT ON outbox BEGIN
        INSERT INTO posted VALUES (NEW.subscription, NEW.record, json_extract(NEW.item, '$.id'));
      END;
    `),
  );
}

function read<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    return work(database);
  } finally {
    database.close();
  }
}

const postedIn = (file: string) =>
  read(file, (database) => database.prepare('SELECT * FROM posted').all() as unknown as PostedEvent[]);
const isIntact = (file: string) =>
  read(file, (database) => database.prepare('PRAGMA integrity_check').get()?.integrity_check === 'ok');
const countPolled = (file: string) =>
  read(file, (database) =>
    Number(database.prepare('SELECT count(*) AS n FROM subscription WHERE polls > 0').get()!.n),
  );

function isDone(file: string, expectedEvents: readonly ExpectedEvent[]): boolean {
  return read(file, (database) => {
    const { waiting } = database.prepare('SELECT count(*) AS waiting FROM outbox').get()!;
    const { told } = database.prepare('SELECT count(DISTINCT record) AS told FROM posted').get()!;
    return Number(waiting) === 0 && Number(told) >= expectedEvents.length;
  });
}

/** Looks again and again; gives up after a while, and the count tells what was missing. */
async function waitUntil(done: () => boolean, maxWaitMs = 30_000): Promise<void> {
  for (let waited = 0; !done() && waited < maxWaitMs; waited += 100) await sleep(100);
}
