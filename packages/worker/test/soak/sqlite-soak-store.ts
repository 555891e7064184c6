import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import type { StoredEvent } from './messages.ts';
import { sleep } from './processes.ts';
import type { SoakStore } from './soak-store.ts';

const defaultLeaseMs = 2000;

/** A trigger of the database logs the events of the outbox, in the transaction that stores them. */
const eventLogSql = `
  CREATE TABLE stored_event (subscription TEXT, item TEXT);
  CREATE TRIGGER log AFTER INSERT ON outbox BEGIN
    INSERT INTO stored_event VALUES (NEW.subscription, json_extract(NEW.item, '$.id'));
  END;
`;

/** Creates the store of a soak test in a file of this folder. */
export async function createSqliteSoakStore(folder: string, leaseMs = defaultLeaseMs): Promise<SoakStore> {
  const file = join(folder, 'worker.sqlite');
  await openSqliteWorkerStore(file).close();
  const query = (sql: string) => withDatabase(file, (database) => database.prepare(sql).all());
  withDatabase(file, (database) => database.exec(eventLogSql));
  return {
    location: { file, leaseMs },
    leaseMs,
    countPolled: async () => query('SELECT 1 FROM subscription WHERE polls > 0').length,
    readStoredEvents: async () => query('SELECT * FROM stored_event') as unknown as readonly StoredEvent[],
    readPush: async () => query('SELECT push FROM subscription WHERE push IS NOT NULL')[0]?.push?.toString(),
    isOutboxEmpty: async () => query('SELECT 1 FROM outbox LIMIT 1').length === 0,
    isIntact: async () => query('PRAGMA integrity_check')[0]?.integrity_check === 'ok',
    expireLeases: () => sleep(leaseMs),
    recover: async () => {},
    close: async () => {},
  };
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
