import type { ExpectedVersion, StateEntry, StateStore, StateWrites } from '../model/runtime-services.ts';
import { assertText } from '../validation/assert-options.ts';
import { guardStore } from '../validation/guard-store.ts';
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

/** U+10FFFF sorts after every other character. */
const lastCharacter = '\u{10ffff}';

/** Creates the StateStore in the `state` table of an open file. */
export function createStateStore(file: SqliteFile): StateStore {
  return guardStore({ ...createReads(file), ...createWrites(file) });
}

const selectEntry = 'SELECT value, version FROM state WHERE key = ?';

function createReads({ database, guard }: SqliteFile): Pick<StateStore, 'get' | 'getMany' | 'keys' | 'list'> {
  const select = database.prepare(selectEntry);
  const selectKeys = database.prepare('SELECT key FROM state WHERE key >= ? AND key < ? ORDER BY key');
  const selectRange = database.prepare(
    'SELECT key, value, version FROM state WHERE key >= ? AND key < ? AND key > ? ORDER BY key LIMIT ?',
  );
  const read = (key: string): StateEntry | undefined => {
    const row = guard(() => select.get(key));
    return row && { value: String(row.value), version: Number(row.version) };
  };
  return {
    async get(key) {
      return read(key);
    },
    async getMany(keys) {
      const found = new Map<string, StateEntry>();
      for (const key of keys) {
        const entry = read(key);
        if (entry !== undefined) found.set(key, entry);
      }
      return found;
    },
    async keys(prefix) {
      return guard(() => selectKeys.all(prefix, `${prefix}${lastCharacter}`)).map((row) => String(row.key));
    },
    async list(prefix, { after, maxCount }) {
      const rows = guard(() => selectRange.all(prefix, `${prefix}${lastCharacter}`, after, maxCount));
      return rows.map((row) => ({
        key: String(row.key),
        value: String(row.value),
        version: Number(row.version),
      }));
    },
  };
}

function createWrites({
  database,
  guard,
  transaction,
}: SqliteFile): Pick<StateStore, 'set' | 'replace' | 'writeMany' | 'delete'> {
  const select = database.prepare(selectEntry);
  const insertOrReplace = database.prepare('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)');
  const insert = database.prepare('INSERT OR IGNORE INTO state (key, value) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM state WHERE key = ?');
  const hasVersion = ({ key, version }: ExpectedVersion) => {
    const row = select.get(key);
    return (row === undefined ? undefined : Number(row.version)) === version;
  };
  const writeMany = (writes: StateWrites, expected?: ExpectedVersion): boolean =>
    transaction(() => {
      if (expected !== undefined && !hasVersion(expected)) return false;
      for (const [key, value] of writes) {
        if (value === undefined) remove.run(key);
        else insertOrReplace.run(key, value);
      }
      return true;
    });
  return {
    async set(key, value) {
      guard(() => insertOrReplace.run(key, value));
    },
    async replace(key, value, expected) {
      if (expected !== undefined) return writeMany(new Map([[key, value]]), { key, version: expected });
      return guard(() => insert.run(key, value)).changes === 1;
    },
    async writeMany(writes, expected) {
      return writeMany(writes, expected);
    },
    async delete(key) {
      guard(() => remove.run(key));
    },
  };
}
