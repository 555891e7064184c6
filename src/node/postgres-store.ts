import { createHash } from 'node:crypto';
import { ConnectorError } from '../errors/connector-error.ts';
import type { ExpectedVersion, StateStore } from '../model/runtime-services.ts';
import { assertFunction, hasMethods } from '../validation/assert-options.ts';
import { guardStore } from '../validation/guard-store.ts';
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

const appliedSchemaSql = `
  CREATE SCHEMA IF NOT EXISTS d365;
  CREATE TABLE IF NOT EXISTS d365.applied_schema (hash text PRIMARY KEY);`;

/**
 * Runs statements that create tables, once for each database and one process at a time. They lock whole tables, so a
 * process that starts later must not run them again while others work.
 */
export async function createPostgresTables(postgres: Postgres, statements: string): Promise<void> {
  const hash = createHash('sha256').update(statements).digest('hex');
  if (await isApplied(postgres, hash)) return;
  await oneAtATime(postgres, async (sql) => {
    await sql.query(appliedSchemaSql);
    await sql.query(statements);
    await sql.query('INSERT INTO d365.applied_schema (hash) VALUES ($1) ON CONFLICT DO NOTHING', [hash]);
  });
}

/**
 * Runs `create` while no other process of this database runs one. PostgreSQL refuses `CREATE … IF NOT EXISTS` of two
 * processes at the same time. `create` may use `sql`, whose transaction ends with it, or connections of its own.
 */
export function oneAtATime<T>(postgres: Postgres, create: (sql: Sql) => Promise<T>): Promise<T> {
  assertFunction(create, 'The work of oneAtATime');
  if (!hasMethods(postgres, 'transaction')) {
    throw new ConnectorError(
      'INPUT_INVALID',
      'The database of oneAtATime must be one that openPostgres opened.',
    );
  }
  return postgres.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [schemaLock]);
    return await create(sql);
  });
}

async function isApplied(sql: Sql, hash: string): Promise<boolean> {
  const tables = await sql.query("SELECT 1 WHERE to_regclass('d365.applied_schema') IS NOT NULL");
  if (tables.length === 0) return false;
  return (await sql.query('SELECT 1 FROM d365.applied_schema WHERE hash = $1', [hash])).length > 0;
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

function createPostgresStore(sql: Postgres): StateStore {
  return guardStore({
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
    getMany: (keys) => readEntries(sql, keys),
    writeMany: (writes, expected) =>
      sql.transaction(async (transaction) => {
        if (expected !== undefined && !(await lockVersion(transaction, expected))) return false;
        await writeEntries(transaction, writes);
        return true;
      }),
    async delete(key) {
      await sql.query(remove, [[key]]);
    },
    async keys(prefix) {
      const rows = await sql.query<{ key: string }>(
        'SELECT key FROM d365.state WHERE key >= $1 AND key < $2 ORDER BY key',
        [prefix, `${prefix}${lastCharacter}`],
      );
      return rows.map(({ key }) => key);
    },
    async list(prefix, { after, maxCount }) {
      const rows = await sql.query<StateRow & { key: string }>(
        `SELECT key, value, version FROM d365.state
         WHERE key >= $1 AND key < $2 AND key > $3 ORDER BY key LIMIT $4`,
        [prefix, `${prefix}${lastCharacter}`, after, maxCount],
      );
      return rows.map((row) => ({ key: row.key, ...toEntry(row) }));
    },
  });
}

/** U+10FFFF sorts after every other character. */
const lastCharacter = '\u{10ffff}';

/**
 * Whether a key has the expected version; no other transaction can change it until this one ends. An advisory lock
 * covers the key that does not exist yet.
 */
async function lockVersion(sql: Sql, { key, version }: ExpectedVersion): Promise<boolean> {
  await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, $2))', [key, schemaLock]);
  const [row] = await sql.query<{ version: string }>(
    'SELECT version FROM d365.state WHERE key = $1 FOR UPDATE',
    [key],
  );
  return (row === undefined ? undefined : Number(row.version)) === version;
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
