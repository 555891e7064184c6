import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';
import { importOptional } from 'dynamics365-connector/node';
import { type DuckdbConnection, loadDuckdb } from './duckdb-api.ts';
import { duckdbDialect } from './duckdb-dialect.ts';
import { createQueue } from './queue.ts';
import type { MirrorSql, MirrorTarget } from './target.ts';

/** Without limits, DuckDB takes most of the memory of the machine. */
const settings = { memory_limit: '256MB', threads: '2' };

/**
 * Opens or creates a mirror in a DuckDB file. DuckDB lets one process use a file: others can read it only while no mirror
 * runs.
 *
 * @throws PACKAGE_MISSING without the package @duckdb/node-api, STORE_FAILED if the file cannot be used
 */
export async function openDuckdbTarget(file: string, load = loadDuckdb): Promise<MirrorTarget> {
  const { DuckDBInstance } = await importOptional(load, {
    name: '@duckdb/node-api',
    feature: 'DuckDB',
    install: '@duckdb/node-api@1',
  });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toStoreError(file, error);
    }
  };
  const instance = await guard(() => DuckDBInstance.create(file, settings));
  const connection = await guard(() => instance.connect());
  const sql: MirrorSql = { query: (text, values) => guard(() => run(connection, text, values)) };
  const queue = createQueue();
  return {
    title: `DuckDB ${file}`,
    dialect: duckdbDialect,
    query: (text, values) => queue(() => sql.query(text, values)),
    transaction: (work) => queue(() => inTransaction(sql, work)),
    close: () =>
      queue(async () => {
        connection.closeSync();
        instance.closeSync();
      }),
  };
}

async function run<Row>(
  connection: DuckdbConnection,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const reader = await connection.runAndReadAll(text, values);
  return reader.getRowObjectsJson() as readonly Row[];
}

async function inTransaction<T>(sql: MirrorSql, work: (sql: MirrorSql) => Promise<T>): Promise<T> {
  await sql.query('BEGIN');
  try {
    const result = await work(sql);
    await sql.query('COMMIT');
    return result;
  } catch (error) {
    await sql.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** Messages of DuckDB can have values of rows: only their kind is shown. */
function toStoreError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ConnectorError) return error;
  const [, kind] = /^(\w+ Error)\b/.exec(error.message) ?? [];
  if (kind === undefined) return error;
  const isLocked = error.message.includes('lock on file');
  return new ConnectorError(
    'STORE_FAILED',
    `DuckDB cannot use ${file} (${isLocked ? 'it is open in another process' : kind}).`,
    {
      advice: isLocked
        ? 'Close the other program: DuckDB lets one process use a file.'
        : 'Check the file, and that its disk has space.',
    },
  );
}
