import { openPostgres } from 'dynamics365-connector/node';
import { startPostgres } from '../../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-postgres-worker-store.ts';
import { leaseDurationMs } from '../../src/worker-store.ts';
import { shiftIntoPastSql } from '../shift-into-past.ts';
import type { StoredEvent } from './messages.ts';
import type { SoakStore } from './soak-store.ts';

/** A trigger of the database logs the events of the outbox, in the transaction that stores them. */
const eventLogSql = `
  CREATE TABLE d365.stored_event (subscription text, item text);
  CREATE FUNCTION d365.log_event() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO d365.stored_event VALUES (NEW.subscription, NEW.item::json ->> 'id');
    RETURN NULL;
  END $$;
  CREATE TRIGGER log AFTER INSERT ON d365.outbox FOR EACH ROW EXECUTE FUNCTION d365.log_event();
`;

/** Starts a database server with its data in this folder, for the store of a soak test. */
export async function createPostgresSoakStore(folder: string): Promise<SoakStore> {
  const server = await startPostgres({ folder });
  await (await openPostgresWorkerStore(server.url)).close();
  const database = await openPostgres(server.url);
  await database.query(eventLogSql);
  const count = async (sql: string) => (await database.query(sql)).length;
  return {
    location: { postgres: server.url },
    leaseMs: leaseDurationMs,
    countPolled: () => count('SELECT 1 FROM d365.subscription WHERE polls > 0'),
    readStoredEvents: () => database.query<StoredEvent>('SELECT subscription, item FROM d365.stored_event'),
    isOutboxEmpty: async () => (await count('SELECT 1 FROM d365.outbox LIMIT 1')) === 0,
    isIntact: async () => true,
    expireLeases: async () => void (await database.query(shiftIntoPastSql(leaseDurationMs + 1000))),
    restart: server.restart,
    recover: server.restart,
    async close() {
      await database.close();
      await server.stop();
    },
  };
}
