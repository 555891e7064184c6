import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteWorkerStore } from '../../src/sqlite/open-store.ts';
import { type Count, count, type Posted } from './count.ts';
import type { Truth, WorkerOrder } from './messages.ts';
import { kill, pause, send, spareWorker, startOrganisation, writeDefinition } from './processes.ts';

/** How long and how hard. */
export interface EmbeddedSoak {
  readonly triggers: number;
  readonly kills: number;
  readonly everyMs: number;
  /** Something happens so often. */
  readonly changeEveryMs: number;
  readonly say?: (line: string) => void;
}

/** Kills worker after worker on one file while they poll; then lets the last one finish, and counts. */
export async function soakEmbedded(soak: EmbeddedSoak): Promise<Count & { readonly damaged: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const file = join(folder, 'worker.sqlite');
  const arrivals = join(folder, 'arrivals');
  writeFileSync(arrivals, '');
  await keepLog(file);
  const organisation = await startOrganisation(soak.triggers, 30);
  try {
    const definition = join(folder, 'definition.json');
    await writeDefinition(definition);
    const order: WorkerOrder = {
      definition,
      store: { file, leaseMs: 2000 },
      facts: organisation.facts,
      everyMs: soak.everyMs,
      arrivals,
    };
    let worker = await spareWorker();
    await send(worker, order);
    await until(() => polled(file) === soak.triggers);
    organisation.start(soak.changeEveryMs);
    let damaged = 0;
    for (let kills = 1; kills <= soak.kills; kills++) {
      const spare = await spareWorker();
      await pause(Math.random() * 500);
      await kill(worker);
      if (!isWhole(file)) damaged += 1;
      worker = spare;
      await send(worker, order);
      if (kills % 20 === 0) soak.say?.(`${kills} kills, ${postedIn(file).length} events`);
    }
    const truth = await organisation.stop();
    await until(() => isDone(file, truth), 60_000);
    await pause(3 * soak.everyMs); // what comes too often comes now
    await kill(worker);
    return { ...count(truth, postedIn(file), arrivals), damaged };
  } finally {
    organisation.end();
    rmSync(folder, { recursive: true });
  }
}

/** Lets the database itself write down what is put into the outbox, in the transaction that puts it there. */
async function keepLog(file: string): Promise<void> {
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
  read(file, (database) => database.prepare('SELECT * FROM posted').all() as unknown as Posted[]);
const isWhole = (file: string) =>
  read(file, (database) => database.prepare('PRAGMA integrity_check').get()?.integrity_check === 'ok');
const polled = (file: string) =>
  read(file, (database) =>
    Number(database.prepare('SELECT count(*) AS n FROM subscription WHERE polls > 0').get()!.n),
  );

function isDone(file: string, truth: readonly Truth[]): boolean {
  return read(file, (database) => {
    const { waiting } = database.prepare('SELECT count(*) AS waiting FROM outbox').get()!;
    const { told } = database.prepare('SELECT count(DISTINCT record) AS told FROM posted').get()!;
    return Number(waiting) === 0 && Number(told) >= truth.length;
  });
}

/** Looks again and again; gives up after a while, and the count tells what was missing. */
async function until(done: () => boolean, mostMs = 30_000): Promise<void> {
  for (let waited = 0; !done() && waited < mostMs; waited += 100) await pause(100);
}
