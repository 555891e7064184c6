import type { Model } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';

/** The organization's one counter of row versions. It never goes back, not even when a transaction does. */
export interface RowVersions {
  /** The last version given. */
  readonly current: bigint;
  next(): bigint;
}

/** Where the versions of a new organization begin. */
const firstVersion = 1_000_000n;

/** Continues after the highest version that the database holds. */
export function createRowVersions(database: Database, model: Model): RowVersions {
  const tables = [...model.tables.values()].filter(({ view }) => !view);
  const highest = [
    ...tables.map(({ logicalName }) => [logicalName, 'versionnumber']),
    ['$deleted', 'version'],
  ].map(([table, column]) => {
    const sql = `SELECT CAST(max(${quoteIdentifier(column!)}) AS TEXT) AS n FROM ${quoteIdentifier(table!)}`;
    return BigInt((database.get(sql)!.n as string | null) ?? 0);
  });
  let current = highest.reduce(
    (maxVersion, version) => (version > maxVersion ? version : maxVersion),
    firstVersion,
  );
  return {
    get current() {
      return current;
    },
    next: () => {
      current += 1n;
      return current;
    },
  };
}
