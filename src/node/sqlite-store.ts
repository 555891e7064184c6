import type { StateStore } from '../model/runtime-services.ts';
import { assertText } from '../validation/assert-options.ts';
import { openSqliteFile, type SqliteFile } from './sqlite.ts';

/** A StateStore in a SQLite file, which several processes may open. */
export interface SqliteStore extends StateStore {
  /** Closes the file. The store cannot be used afterwards. */
  close(): void;
}

/**
 * The table of a StateStore. Every write inserts a row. AUTOINCREMENT never uses a number twice, so the row number is
 * the version, and a version from before a delete never matches a later row.
 */
export const stateSchemaSqlite = `
  CREATE TABLE IF NOT EXISTS state (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
  ) STRICT;
`;

/** Opens or creates the file and its folder. Only the owner can read them. Throws STORE_FAILED. */
export function openSqliteStore(path: string): SqliteStore {
  const file = openSqliteFile(
    assertText(path, 'The file of the store', 'SETTING_INVALID'),
    stateSchemaSqlite,
  );
  return { ...createStateStore(file), close: file.close };
}

/** Creates the StateStore in the `state` table of an open file. */
export function createStateStore({ database, guard, transaction }: SqliteFile): StateStore {
  const select = database.prepare('SELECT value, version FROM state WHERE key = ?');
  const insertOrReplace = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const insert = database.prepare('INSERT OR IGNORE INTO state (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM state WHERE key = ?');
  const removeVersion = database.prepare('DELETE FROM state WHERE key = ? AND version = ?');
  const list = database.prepare('SELECT key FROM state WHERE key >= ? AND key < ? ORDER BY key');
  const replaceVersion = (key: string, value: string, expected: number): boolean =>
    transaction(() => {
      if (removeVersion.run(key, expected).changes === 0) return false;
      insertOrReplace.run(key, value);
      return true;
    });
  return {
    async get(key) {
      const row = guard(() => select.get(key));
      return row && { value: String(row.value), version: Number(row.version) };
    },
    async set(key, value) {
      guard(() => insertOrReplace.run(key, value));
    },
    async replace(key, value, expected) {
      return guard(() =>
        expected === undefined ? insert.run(key, value).changes === 1 : replaceVersion(key, value, expected),
      );
    },
    async delete(key) {
      guard(() => remove.run(key));
    },
    async keys(prefix) {
      // U+10FFFF sorts after every other character.
      return guard(() => list.all(prefix, `${prefix}\u{10ffff}`)).map((row) => String(row.key));
    },
  };
}
