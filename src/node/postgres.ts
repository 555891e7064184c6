import type pg from 'pg';
import { ConnectorError } from '../errors/connector-error.ts';
import { importOptional } from './import-optional.ts';

/** Whatever runs a statement: the pool, or one transaction. */
export interface Sql {
  /** `$1`, `$2`, … in the text stand for the values. Answers the rows. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A PostgreSQL database. What it refuses becomes STORE_FAILED, without row values and without the password. */
export interface Postgres extends Sql {
  /** All or nothing; the work is done again when it got into a deadlock. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Most connections that one process holds. */
const maxConnections = 8;

/** Opens a pool for `postgres://user:password@host:5432/database`. The only importer of `pg`, an optional package. */
export async function openPostgres(url: string): Promise<Postgres> {
  const { default: driver } = await importOptional(() => import('pg'), {
    name: 'pg',
    feature: 'PostgreSQL',
    install: 'pg@8 pg-boss@12',
  });
  const address = addressOf(url);
  const pool = new driver.Pool({ connectionString: url, max: maxConnections, application_name: 'd365' });
  // A connection that breaks while nobody uses it is no event; the next query opens another.
  pool.on('error', () => {});
  const fail = (error: unknown) => (error instanceof ConnectorError ? error : storeFailed(address, error));
  return {
    async query<Row>(text: string, values?: readonly unknown[]) {
      try {
        return await run<Row>(pool, text, values);
      } catch (error) {
        throw fail(error);
      }
    },
    async transaction(work) {
      try {
        return await retryTransaction(() => inTransaction(pool, work));
      } catch (error) {
        throw fail(error);
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
  // Several statements in one text answer one by one; the last word counts.
  return ([result].flat().at(-1)?.rows ?? []) as Row[];
}

/** SQLSTATE of a deadlock and of a failed serialization: PostgreSQL undid all of it, so it can be done again. */
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
  // A line that dies is told to the statement under way too; unheard here, it would end the process.
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
    await client.query('ROLLBACK').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

function addressOf(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new ConnectorError(
      'SETTING_INVALID',
      'The address of PostgreSQL is not postgres://user@host/database.',
    );
  }
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Code only: PostgreSQL's messages quote values. */
function storeFailed(address: string, error: unknown): ConnectorError {
  const { code, name } = error as { code?: string; name?: string };
  return new ConnectorError('STORE_FAILED', `PostgreSQL at ${address} cannot be used (${code ?? name}).`, {
    advice: 'Check that it runs, and the user and password of its address.',
  });
}
