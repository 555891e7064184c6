import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from '../errors/connector-error.ts';

/** A database file of ours. */
export interface SqliteFile {
  readonly database: DatabaseSync;
  /** Does the work; what SQLite refuses becomes STORE_FAILED with the file's name. */
  guard<T>(work: () => T): T;
  /** Does the work as one transaction, all or nothing. */
  transaction<T>(work: () => T): T;
  close(): void;
}

// A commit is on the disk when it returns (FULL), and readers never wait for a writer (WAL).
const settings = `
  PRAGMA busy_timeout = 10000;
  PRAGMA synchronous = FULL;
`;

/** SQLITE_BUSY */
const busy = 5;

/** Opens or creates the file with this schema, readable by its owner alone; its folder is created too. */
export function openSqliteFile(file: string, schema: string): SqliteFile {
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFailed(file, error);
    }
  };
  const database = guard(() => openDatabase(file, schema));
  return {
    database,
    guard,
    transaction: (work) => guard(() => inTransaction(database, work)),
    close: () => database.close(),
  };
}

function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600); // SQLite gives its -wal and -shm files the mode of the database
  // Loaded with the first file: whoever keeps no state here is spared Node's warning about it.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file);
  database.exec(settings);
  switchToWal(database);
  database.exec(schema);
  return database;
}

/** SQLite refuses this at once, whatever the busy timeout, while another process does the same to a new file. */
function switchToWal(database: DatabaseSync): void {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== busy || Date.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** IMMEDIATE takes the write lock first: no other process can come between the look and the write. */
function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function storeFailed(file: string, error: unknown): unknown {
  if (error instanceof ConnectorError) return error;
  const { code, errstr } = error as { code?: string; errstr?: string };
  return new ConnectorError('STORE_FAILED', `The state file ${file} cannot be used (${errstr ?? code}).`);
}
