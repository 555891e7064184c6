import type { DatabaseSync } from 'node:sqlite';
import { stateSchemaSqlite } from 'dynamics365-connector/node';

/** The clock of a store and the duration of its leases, in milliseconds. */
export interface LeaseClock {
  readonly now: () => number;
  readonly leaseMs: number;
}

/**
 * The tables of the worker. Times are milliseconds since the Unix epoch. Delivered events have a table of their own, so
 * that their number does not matter to claims and limits of the outbox.
 */
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
  CREATE TABLE IF NOT EXISTS target (
    name TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL,
    set_at INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS delivered (
    sequence INTEGER PRIMARY KEY,
    subscription TEXT NOT NULL,
    target TEXT NOT NULL,
    record TEXT NOT NULL,
    item TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    delivered_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sample (
    subscription TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL,
    late_ms INTEGER NOT NULL,
    events INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    PRIMARY KEY (subscription, at)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Columns that were added after version 0.1.0. `scheduled_at`, `due_set_at` and `set_at` are the times at which a due time
 * was set: in the future, they show that the clock was put back since. `woken_from` is the due time before a wake.
 */
const addedColumns = {
  subscription: {
    feed: "TEXT NOT NULL DEFAULT ''",
    target: "TEXT NOT NULL DEFAULT ''",
    every_ms: 'INTEGER NOT NULL DEFAULT 60000',
    scheduled_at: 'INTEGER NOT NULL DEFAULT 0',
    started_at: 'INTEGER NOT NULL DEFAULT 0',
    resumed: 'INTEGER NOT NULL DEFAULT 0',
    feed_state: 'TEXT',
    forgotten: 'INTEGER NOT NULL DEFAULT 0',
    origin: "TEXT NOT NULL DEFAULT 'file'",
    wakes: 'INTEGER NOT NULL DEFAULT 0',
    woken_from: 'INTEGER',
    interval_ms: 'INTEGER',
    push: 'TEXT',
  },
  outbox: {
    target: "TEXT NOT NULL DEFAULT ''",
    due_set_at: 'INTEGER NOT NULL DEFAULT 0',
    refusals: 'INTEGER NOT NULL DEFAULT 0',
    dead_at: 'INTEGER',
    replay: 'TEXT',
    created_at: 'INTEGER NOT NULL DEFAULT 0',
  },
};

const indexes = `
  DROP INDEX IF EXISTS outbox_due;
  DROP INDEX IF EXISTS outbox_record;
  CREATE INDEX IF NOT EXISTS subscription_feed ON subscription (feed);
  CREATE INDEX IF NOT EXISTS subscription_target ON subscription (target);
  CREATE INDEX IF NOT EXISTS subscription_scheduled ON subscription (scheduled_at);
  CREATE INDEX IF NOT EXISTS outbox_subscription ON outbox (subscription, sequence);
  CREATE INDEX IF NOT EXISTS outbox_target ON outbox (target, due_at) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_row ON outbox (target, record, sequence) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_set ON outbox (due_set_at) WHERE dead IS NULL;
  CREATE INDEX IF NOT EXISTS outbox_dead ON outbox (sequence) WHERE dead IS NOT NULL;
  CREATE INDEX IF NOT EXISTS delivered_subscription ON delivered (subscription, sequence);
  CREATE INDEX IF NOT EXISTS delivered_age ON delivered (delivered_at);
  CREATE INDEX IF NOT EXISTS sample_age ON sample (at);
`;

/** Brings the tables of an older version up to date. Processes that start at the same time wait for each other. */
export function upgradeSqliteTables(database: DatabaseSync): void {
  if (missingColumns(database).length > 0) {
    database.exec('BEGIN IMMEDIATE');
    for (const column of missingColumns(database)) database.exec(`ALTER TABLE ${column}`);
    database.exec("UPDATE outbox SET target = subscription WHERE target = ''");
    database.exec("UPDATE subscription SET feed = id WHERE feed = ''");
    database.exec('COMMIT');
  }
  database.exec(indexes);
}

function missingColumns(database: DatabaseSync): readonly string[] {
  const columnNames = database.prepare('SELECT name FROM pragma_table_info(?)');
  return Object.entries(addedColumns).flatMap(([table, columns]) => {
    const present = new Set(columnNames.all(table).map(({ name }) => name));
    return Object.entries(columns)
      .filter(([name]) => !present.has(name))
      .map(([name, type]) => `${table} ADD COLUMN ${name} ${type}`);
  });
}
