import type { StateStore } from '../model/runtime-services.ts';
import { assertText } from '../validation/assert-options.ts';
import { openSqliteFile, type SqliteFile } from './sqlite.ts';

/** A StateStore in a file; several processes may have it open. */
export interface SqliteStore extends StateStore {
  /** Closes the file; the store cannot be used after. */
  close(): void;
}

/**
 * The table that a StateStore lies in. A write always inserts: AUTOINCREMENT never gives a number twice, so the
 * row's number is its version, and a version seen before a delete can never match what was written after it.
 */
export const stateSchemaSqlite = `
  CREATE TABLE IF NOT EXISTS state (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
  ) STRICT;
`;

/** Opens or creates the file, readable by its owner alone; its folder is created too. */
export function openSqliteStore(path: string): SqliteStore {
  const file = openSqliteFile(
    assertText(path, 'The file of the store', 'SETTING_INVALID'),
    stateSchemaSqlite,
  );
  return { ...createStateStore(file), close: file.close };
}

/** The StateStore in the `state` table of a file. */
export function createStateStore({ database, guard, transaction }: SqliteFile): StateStore {
  const select = database.prepare('SELECT value, version FROM state WHERE key = ?');
  const put = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const add = database.prepare('INSERT OR IGNORE INTO state (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM state WHERE key = ?');
  const removeVersion = database.prepare('DELETE FROM state WHERE key = ? AND version = ?');
  const list = database.prepare('SELECT key FROM state WHERE key >= ? AND key < ? ORDER BY key');
  const swap = (key: string, value: string, expected: number): boolean =>
    transaction(() => {
      if (removeVersion.run(key, expected).changes === 0) return false;
      put.run(key, value);
      return true;
    });
  return {
    async get(key) {
      const row = guard(() => select.get(key));
      return row && { value: String(row.value), version: Number(row.version) };
    },
    async set(key, value) {
      guard(() => put.run(key, value));
    },
    async replace(key, value, expected) {
      return guard(() =>
        expected === undefined ? add.run(key, value).changes === 1 : swap(key, value, expected),
      );
    },
    async delete(key) {
      guard(() => remove.run(key));
    },
    async keys(prefix) {
      // U+10FFFF sorts after every character that a key could go on with.
      return guard(() => list.all(prefix, `${prefix}\u{10ffff}`)).map((row) => String(row.key));
    },
  };
}
