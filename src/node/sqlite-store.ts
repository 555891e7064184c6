import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from '../errors/connector-error.ts';
import type { StateStore } from '../model/world.ts';

/** A StateStore in a file; several processes may have it open. */
export interface SqliteStore extends StateStore {
  /** Closes the file; the store cannot be used after. */
  close(): void;
}

// A write always inserts: AUTOINCREMENT never gives a number twice, so the row's number is its version, and a
// version seen before a delete can never match what was written after it.
const schema = `
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS state (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
  ) STRICT;
`;

/** Opens or creates the file, readable by its owner alone; its folder is created too. */
export function openSqliteStore(file: string): SqliteStore {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeFailed(file, error);
    }
  };
  const database = guarded(() => openDatabase(file));
  const select = database.prepare('SELECT value, version FROM state WHERE key = ?');
  const put = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const add = database.prepare('INSERT OR IGNORE INTO state (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM state WHERE key = ?');
  const removeVersion = database.prepare('DELETE FROM state WHERE key = ? AND version = ?');
  const list = database.prepare('SELECT key FROM state WHERE key >= ? AND key < ? ORDER BY key');
  const swap = (key: string, value: string, expected: number): boolean =>
    inTransaction(database, () => {
      if (removeVersion.run(key, expected).changes === 0) return false;
      put.run(key, value);
      return true;
    });
  return {
    async get(key) {
      const row = guarded(() => select.get(key));
      return row && { value: String(row.value), version: Number(row.version) };
    },
    async set(key, value) {
      guarded(() => put.run(key, value));
    },
    async replace(key, value, expected) {
      return guarded(() =>
        expected === undefined ? add.run(key, value).changes === 1 : swap(key, value, expected),
      );
    },
    async delete(key) {
      guarded(() => remove.run(key));
    },
    async keys(prefix) {
      // U+10FFFF sorts after every character that a key could go on with.
      return guarded(() => list.all(prefix, `${prefix}\u{10ffff}`)).map((row) => String(row.key));
    },
    close() {
      database.close();
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600); // SQLite gives its -wal and -shm files the mode of the database
  const database = new DatabaseSync(file);
  database.exec(schema);
  return database;
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

function storeFailed(file: string, error: unknown): ConnectorError {
  const { code, errstr } = error as { code?: string; errstr?: string };
  return new ConnectorError('STORE_FAILED', `The state file ${file} cannot be used (${errstr ?? code}).`);
}
