import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from '../errors/connector-error.ts';

/** An open SQLite file. */
export interface SqliteFile {
  readonly database: DatabaseSync;
  /** Runs `work`, and converts errors of SQLite to STORE_FAILED with the file's name. */
  guard<T>(work: () => T): T;
  /** Runs `work` in one transaction. */
  transaction<T>(work: () => T): T;
  close(): void;
}

// FULL: a commit is on the disk when it returns. WAL (below): readers never wait for a writer. secure_delete: what was
// deleted or replaced is overwritten, so that no personal data stays in unused parts of the file.
const settings = `
  PRAGMA busy_timeout = 10000;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
`;

/** SQLITE_BUSY */
const busy = 5;

/** Opens or creates the file with this schema, and its folder. Only the owner can read them. Throws STORE_FAILED. */
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
    close() {
      emptyLog(database);
      database.close();
    },
  };
}

function openDatabase(file: string, schema: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600); // SQLite creates its -wal and -shm files with the mode of the database.
  // Loaded with the first file, so that programs without a file do not print Node's warning about node:sqlite.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file);
  database.exec(settings);
  switchToWal(database);
  database.exec(schema);
  return database;
}

/** The log (WAL) has earlier states of rows. Closing the last connection deletes it; while others have it, it is emptied. */
function emptyLog(database: DatabaseSync): void {
  try {
    database.exec('PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The file is gone or cannot be written to. Nothing that was committed is lost.
  }
}

/**
 * Switches to WAL. While another process does the same for a new file, SQLite returns SQLITE_BUSY without waiting for
 * the busy timeout, so this function waits.
 */
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

/** IMMEDIATE takes the write lock at once, so that no other process writes between the read and the write of `work`. */
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

/** What helps against an error, by its primary code. https://www.sqlite.org/rescode.html */
const adviceByCode: Readonly<Record<number, string>> = {
  5: 'Another program has locked it: end that program, or try again when it is done.',
  11: 'It is damaged: restore it from a backup, or move it away to begin with an empty one.',
  13: 'The disk is full: free some space. Nothing that was committed is lost.',
  26: 'It is not a SQLite file: choose another name, or move it away.',
};

function storeFailed(file: string, error: unknown): unknown {
  if (error instanceof ConnectorError) return error;
  const { code, errcode = 0, errstr } = error as { code?: string; errcode?: number; errstr?: string };
  // An error of our own code, not of SQLite or the file system.
  if (code === undefined) return error;
  // The lowest byte is the primary code.
  const advice = adviceByCode[errcode & 0xff];
  return new ConnectorError('STORE_FAILED', `The SQLite file ${file} cannot be used (${errstr ?? code}).`, {
    ...(advice !== undefined && { advice }),
  });
}
