import type pg from 'pg';
import { ConnectorError } from '../errors/connector-error.ts';
import { importOptional } from './import-optional.ts';

/** Runs SQL statements: in the pool, or in one transaction. */
export interface Sql {
  /**
   * Runs a statement with the parameters `$1`, `$2`, … and returns its rows; of a text with several statements, the rows
   * of all of them.
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A PostgreSQL database. Its errors become STORE_FAILED, without row values and without the password. */
export interface Postgres extends Sql {
  /** Runs `work` in one transaction, and runs it again after a deadlock. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Maximum number of database connections of one process. */
const maxConnections = 8;

/** How long one wait for the database may take. */
export interface PostgresOptions {
  /** For a connection, and for the result of a statement, in milliseconds. Default: a minute. */
  readonly maxWaitMs?: number;
}

/**
 * Opens a connection pool for `postgres://user:password@host:5432/database`. A server that does not respond, as behind a
 * broken network, ends a wait with STORE_FAILED. Throws PACKAGE_MISSING if the optional package `pg` is not installed.
 */
export async function openPostgres(
  url: string,
  { maxWaitMs = 60_000 }: PostgresOptions = {},
): Promise<Postgres> {
  const { default: driver } = await importOptional(() => import('pg'), {
    name: 'pg',
    feature: 'PostgreSQL',
    install: 'pg@8 pg-boss@12',
  });
  const address = parseAddress(url);
  const pool = new driver.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'd365',
    keepAlive: true,
    connectionTimeoutMillis: maxWaitMs,
    query_timeout: maxWaitMs,
  });
  // A broken idle connection is not an error: the next query opens a new one.
  pool.on('error', () => {});
  // Nor is one that breaks just before it is used: its first statement fails. Without a listener, the process would end.
  pool.on('connect', (client) => client.on('error', () => {}));
  const toStoreError = (error: unknown) =>
    error instanceof ConnectorError ? error : storeFailed(address, error);
  return {
    async query<Row>(text: string, values?: readonly unknown[]) {
      try {
        return await run<Row>(pool, text, values);
      } catch (error) {
        throw toStoreError(error);
      }
    },
    async transaction(work) {
      try {
        return await retryTransaction(() => inTransaction(pool, work));
      } catch (error) {
        throw toStoreError(error);
      }
    },
    close: () => pool.end(),
  };
}

async function run<Row>(
  client: Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, [...values]);
  // Several statements in one text return several results.
  return [result].flat().flatMap(({ rows }) => rows as Row[]);
}

/** SQLSTATE of a deadlock and of a serialization failure. PostgreSQL has rolled back, so the transaction can run again. */
const retryableStates = new Set(['40P01', '40001']);
const maxTries = 3;

async function retryTransaction<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === maxTries || !retryableStates.has((error as { code: string }).code)) throw error;
    }
  }
}

async function inTransaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The running statement also receives the error.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work({ query: (text, values) => run(client, text, values) });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Returns host and database of the URL, without user and password. */
function parseAddress(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new ConnectorError(
      'SETTING_INVALID',
      'The PostgreSQL URL does not have the form postgres://user@host/database.',
    );
  }
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Contains only the error code, because PostgreSQL's messages contain values. */
function storeFailed(address: string, error: unknown): ConnectorError {
  const { code, name, message = '' } = error as Partial<NodeJS.ErrnoException>;
  // The timeouts of the driver have no code.
  const cause = code ?? (message.toLowerCase().includes('timeout') ? 'timeout' : name);
  return new ConnectorError('STORE_FAILED', `PostgreSQL at ${address} cannot be used (${cause}).`, {
    advice: 'Check that the database is running, and check user and password in its URL.',
  });
}
