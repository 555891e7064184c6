import { stateSchemaSqlite } from 'dynamics365-connector/node';

/** The clock of a store and the duration of its leases, in milliseconds. */
export interface LeaseClock {
  readonly now: () => number;
  readonly leaseMs: number;
}

/** The tables of the worker. Times are milliseconds since the Unix epoch. */
export const sqliteWorkerSchema = `
  ${stateSchemaSqlite}
  CREATE TABLE IF NOT EXISTS connection (
    name TEXT PRIMARY KEY,
    blocked_until INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS subscription (
    id TEXT PRIMARY KEY,
    connection TEXT NOT NULL,
    trigger TEXT NOT NULL,
    inactive INTEGER NOT NULL DEFAULT 0,
    paused_by TEXT,
    epoch INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    next_due_at INTEGER NOT NULL,
    polled_at INTEGER,
    checkpoint TEXT,
    failure TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    polls INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS subscription_due ON subscription (next_due_at)
    WHERE inactive = 0 AND paused_by IS NULL;
  CREATE INDEX IF NOT EXISTS subscription_leased ON subscription (connection) WHERE leased_until > 0;
  CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    record TEXT NOT NULL,
    item TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    dead TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_record ON outbox (subscription, record, sequence) WHERE dead IS NULL;
`;
