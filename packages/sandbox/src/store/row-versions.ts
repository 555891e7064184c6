import type { Model } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';

/** The counter of row versions of an organization. It does not decrease when a transaction is rolled back. */
export interface RowVersions {
  /** The last version used. */
  readonly current: bigint;
  next(): bigint;
  /** Goes back to `to` if no version after `from` was used: writes that are done again get the same versions and ids. */
  rewind(from: bigint, to: bigint): void;
}

/** The versions of a new organization start after this number. */
const firstVersion = 1_000_000n;

/** Creates a counter that continues after the highest version in the database. */
export function createRowVersions(database: Database, model: Model): RowVersions {
  const tables = [...model.tables.values()].filter(({ view }) => !view);
  const versionColumns = [
    ...tables.map(({ logicalName }) => ({ table: logicalName, column: 'versionnumber' })),
    { table: '$deleted', column: 'version' },
  ];
  const highest = versionColumns.map(({ table, column }) => {
    const sql = `SELECT CAST(max(${quoteIdentifier(column)}) AS TEXT) AS n FROM ${quoteIdentifier(table)}`;
    return BigInt((database.get(sql)?.n as string | null | undefined) ?? 0);
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
    rewind(from, to) {
      if (current === from) current = to;
    },
  };
}
