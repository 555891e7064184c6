import { oneAtATime, openPostgres } from 'dynamics365-connector/node';
import { createPostgresDialect } from './postgres-dialect.ts';
import { type MirrorTarget, quoteName } from './target.ts';

/** A new column of a large table can take as long. */
const maxWaitMs = 30 * 60_000;

/**
 * Opens a mirror in a schema of a PostgreSQL database, which is created if it is missing.
 *
 * @throws PACKAGE_MISSING without the package `pg`, STORE_FAILED if the database cannot be used
 */
export async function openPostgresTarget(url: string, schema: string): Promise<MirrorTarget> {
  const postgres = await openPostgres(url, { maxWaitMs });
  try {
    await oneAtATime(postgres, (sql) => sql.query(`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`));
  } catch (error) {
    await postgres.close();
    throw error;
  }
  const { host, pathname } = new URL(url);
  return {
    title: `PostgreSQL ${host}${pathname}, schema ${schema}`,
    dialect: createPostgresDialect(schema),
    query: postgres.query,
    transaction: postgres.transaction,
    close: postgres.close,
  };
}
