import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import { countEvents, type SoakCounts, type StoredEvent } from './count-events.ts';
import type { ExpectedEvent, OrganizationInfo, WorkerProcessOptions } from './messages.ts';
import {
  kill,
  sleep,
  startOrganization,
  startSpareWorker,
  startWork,
  waitUntil,
  writeDefinition,
} from './processes.ts';

/** The size of a soak test. */
export interface EmbeddedSoakOptions {
  readonly triggers: number;
  readonly kills: number;
  readonly everyMs: number;
  /** Time between two changes in the organization. */
  readonly changeEveryMs: number;
  readonly report?: (line: string) => void;
}

/** The result of the test on SQLite. */
export interface EmbeddedSoakCounts extends SoakCounts {
  /** Kills after which the file failed its integrity check. */
  readonly damaged: number;
}

/** Kills workers on one SQLite file while they poll. Then lets the last one finish, and counts the events. */
export async function soakEmbedded(soak: EmbeddedSoakOptions): Promise<EmbeddedSoakCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const file = join(folder, 'worker.sqlite');
  await createEventLog(file);
  const organization = await startOrganization(soak.triggers, 30);
  try {
    const options = await createOptions(folder, file, { everyMs: soak.everyMs, info: organization.info });
    const first = await startSpareWorker();
    await startWork(first, options);
    await waitUntil(() => countPolled(file) === soak.triggers, { intervalMs: 100, maxWaitMs: 30_000 });
    organization.start(soak.changeEveryMs);
    const { worker, damaged } = await killWorkers(soak, file, { first, options });
    const expectedEvents = await organization.stop();
    await waitUntil(() => isDone(file, expectedEvents), { intervalMs: 100, maxWaitMs: 60_000 });
    // Repeated events would be stored now.
    await sleep(3 * soak.everyMs);
    await kill(worker);
    return { ...countEvents(expectedEvents, readStoredEvents(file), options.deliveriesFile), damaged };
  } finally {
    organization.end();
    rmSync(folder, { recursive: true });
  }
}

async function createOptions(
  folder: string,
  file: string,
  { everyMs, info }: { readonly everyMs: number; readonly info: OrganizationInfo },
): Promise<WorkerProcessOptions> {
  const definition = join(folder, 'definition.json');
  const deliveriesFile = join(folder, 'deliveries');
  await writeDefinition(definition);
  writeFileSync(deliveriesFile, '');
  return { definition, deliveriesFile, everyMs, organization: info, store: { file, leaseMs: 2000 } };
}

/** Replaces the worker as often as the soak says. Returns the last worker and the number of damaged files. */
async function killWorkers(
  soak: EmbeddedSoakOptions,
  file: string,
  { first, options }: { readonly first: ChildProcess; readonly options: WorkerProcessOptions },
) {
  let worker = first;
  let damaged = 0;
  for (let kills = 1; kills <= soak.kills; kills++) {
    const spare = await startSpareWorker();
    await sleep(Math.random() * 500);
    await kill(worker);
    if (!isIntact(file)) damaged += 1;
    worker = spare;
    await startWork(worker, options);
    if (kills % 20 === 0) soak.report?.(`${kills} kills, ${readStoredEvents(file).length} events`);
  }
  return { worker, damaged };
}

/** Adds a trigger that logs the events of the outbox, in the transaction that stores them. */
async function createEventLog(file: string): Promise<void> {
  await openSqliteWorkerStore(file).close();
  withDatabase(file, (database) =>
    database.exec(`
      CREATE TABLE stored_event (subscription TEXT, record TEXT, item TEXT);
      CREATE TRIGGER log AFTER INSERT ON outbox BEGIN
        INSERT INTO stored_event VALUES (NEW.subscription, NEW.record, json_extract(NEW.item, '$.id'));
      END;
    `),
  );
}

function withDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    return work(database);
  } finally {
    database.close();
  }
}

function readStoredEvents(file: string): readonly StoredEvent[] {
  const sql = 'SELECT * FROM stored_event';
  return withDatabase(file, (database) => database.prepare(sql).all() as unknown as StoredEvent[]);
}

function isIntact(file: string): boolean {
  const sql = 'PRAGMA integrity_check';
  return withDatabase(file, (database) => database.prepare(sql).get()?.integrity_check === 'ok');
}

function countPolled(file: string): number {
  const sql = 'SELECT count(*) AS n FROM subscription WHERE polls > 0';
  return withDatabase(file, (database) => Number(database.prepare(sql).get()?.n));
}

function isDone(file: string, expectedEvents: readonly ExpectedEvent[]): boolean {
  const sql =
    'SELECT (SELECT count(*) FROM outbox) AS waiting, (SELECT count(DISTINCT record) FROM stored_event) AS stored';
  const row = withDatabase(file, (database) => database.prepare(sql).get());
  return Number(row?.waiting) === 0 && Number(row?.stored) >= expectedEvents.length;
}
