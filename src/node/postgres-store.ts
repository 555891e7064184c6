import type { StateStore } from '../model/runtime-services.ts';
import { openPostgres, type Postgres, type Sql } from './postgres.ts';

/**
 * The table of a StateStore. Values are bytes, because text in PostgreSQL cannot contain NUL. Versions come from a
 * sequence, so that a version from before a delete never matches a later row.
 */
const stateSchemaSql = `
  CREATE SCHEMA IF NOT EXISTS d365;
  CREATE SEQUENCE IF NOT EXISTS d365.state_version;
  CREATE TABLE IF NOT EXISTS d365.state (
    key text COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL,
    version bigint NOT NULL DEFAULT nextval('d365.state_version')
  );
`;

/** The advisory lock for creating tables, so that processes that start at the same time do so one after another. */
const schemaLock = 365_000_001;

/** Runs statements that create tables, one process at a time. */
export async function createPostgresTables(postgres: Postgres, statements: string): Promise<void> {
  await postgres.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
    await sql.query(statements);
  });
}

/** Opens a StateStore in PostgreSQL, for processes on several machines. Creates the table if it is missing. */
export async function openPostgresStore(postgres: Postgres): Promise<StateStore> {
  await createPostgresTables(postgres, stateSchemaSql);
  return createPostgresStore(postgres);
}

/** A StateStore that must be closed. */
export interface ClosableStore extends StateStore {
  close(): void;
}

/** Opens a StateStore in the PostgreSQL database at `url`. */
export async function openPostgresStoreAt(url: string): Promise<ClosableStore> {
  const postgres = await openPostgres(url);
  try {
    return { ...(await openPostgresStore(postgres)), close: () => void postgres.close() };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

function createPostgresStore(sql: Sql): StateStore {
  return {
    async get(key) {
      const [row] = await sql.query<StateRow>('SELECT value, version FROM d365.state WHERE key = $1', [key]);
      return row && toEntry(row);
    },
    async set(key, value) {
      await sql.query(put, [[key], [bytes(value)]]);
    },
    async replace(key, value, expected) {
      const rows = await (expected === undefined
        ? sql.query(
            'INSERT INTO d365.state (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key',
            [key, bytes(value)],
          )
        : sql.query(
            `UPDATE d365.state SET value = $2, version = nextval('d365.state_version')
             WHERE key = $1 AND version = $3 RETURNING key`,
            [key, bytes(value), expected],
          ));
      return rows.length === 1;
    },
    async delete(key) {
      await sql.query(remove, [[key]]);
    },
    async keys(prefix) {
      const rows = await sql.query<{ key: string }>(
        'SELECT key FROM d365.state WHERE key >= $1 AND key < $2 ORDER BY key',
        // U+10FFFF sorts after every other character.
        [prefix, `${prefix}\u{10ffff}`],
      );
      return rows.map(({ key }) => key);
    },
  };
}

interface StateRow {
  readonly value: Buffer;
  readonly version: string;
}

function toEntry({ value, version }: StateRow) {
  return { value: value.toString('utf8'), version: Number(version) };
}

const bytes = (value: string) => Buffer.from(value, 'utf8');

const put = `
  INSERT INTO d365.state (key, value) SELECT * FROM unnest($1::text[], $2::bytea[])
  ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = nextval('d365.state_version')`;
const remove = 'DELETE FROM d365.state WHERE key = ANY($1)';

/** Reads many entries at once. */
export async function readEntries(sql: Sql, keys: readonly string[]) {
  const rows = await sql.query<StateRow & { key: string }>(
    'SELECT key, value, version FROM d365.state WHERE key = ANY($1)',
    [keys],
  );
  return new Map(rows.map((row) => [row.key, toEntry(row)]));
}

/** Writes many entries at once. The value undefined deletes a key. */
export async function writeEntries(sql: Sql, writes: ReadonlyMap<string, string | undefined>): Promise<void> {
  const sets = [...writes].filter((write): write is [string, string] => write[1] !== undefined);
  const deletedKeys = [...writes].filter(([, value]) => value === undefined).map(([key]) => key);
  if (sets.length > 0)
    await sql.query(put, [sets.map(([key]) => key), sets.map(([, value]) => bytes(value))]);
  if (deletedKeys.length > 0) await sql.query(remove, [deletedKeys]);
}
