import { DatabaseSync } from 'node:sqlite';
import { ConnectorError } from 'dynamics365-connector/base';
import type { Model } from '../model/types.ts';
import { DataverseError } from './errors.ts';

/** A value that SQLite accepts and returns. */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/** A database and the tables that it holds. */
export interface StoreContext {
  readonly database: Database;
  readonly model: Model;
}

/** An executed statement with its values; it can be executed again. */
export interface RecordedStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const maxStatements = 400;

/** Only one process can open a file, because each process numbers rows and versions by itself. */
const pragmas =
  'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;';

function openSqlite(path: string): DatabaseSync {
  try {
    return prepareSqlite(new DatabaseSync(path));
  } catch (error) {
    if (/\block(ed)?\b/.test((error as Error).message)) {
      throw new ConnectorError('SETTING_INVALID', `The database file ${path} is open in another process.`, {
        advice: 'Stop the other sandbox, or use another file.',
      });
    }
    throw new ConnectorError(
      'SETTING_INVALID',
      `The sandbox cannot open ${path}: ${(error as Error).message}.`,
      {
        advice: 'Use a file in an existing folder to which you have write access.',
      },
    );
  }
}

function prepareSqlite(sqlite: DatabaseSync): DatabaseSync {
  sqlite.exec(pragmas);
  return sqlite;
}

/** An SQLite database with cached prepared statements, nested transactions and recording of writes. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, BoundStatement>();
  #depth = 0;
  #recording: RecordedStatement[] | undefined;

  /** A connection, or the path of a file, or `:memory:`. */
  constructor(sqlite: DatabaseSync | string) {
    this.#sqlite = typeof sqlite === 'string' ? openSqlite(sqlite) : prepareSqlite(sqlite);
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  /** Returns the rows of a query. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#wrapSqliteError(() => this.#prepare(sql).all(values) as SqlRow[]);
  }

  /** Returns the number that a query selects as `n`. */
  count(sql: string, values: readonly SqlValue[] = []): number {
    return Number(this.get(sql, values)?.n ?? 0);
  }

  /** Returns the first row of a query. */
  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.#wrapSqliteError(() => this.#prepare(sql).get(values) as SqlRow | undefined);
  }

  /** Executes a write and returns the number of changed rows. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    this.#recording?.push({ sql, values });
    return Number(this.#prepare(sql).run(values).changes);
  }

  /** Inserts a row and returns its number. */
  insert(sql: string, values: readonly SqlValue[]): number {
    this.#recording?.push({ sql, values });
    return Number(this.#prepare(sql).run(values).lastInsertRowid);
  }

  /** Executes schema statements. */
  executeSchema(sql: string): void {
    this.#statements.clear();
    this.#sqlite.exec(sql);
  }

  /** Runs the work in a transaction, or in a savepoint if one is open. */
  transaction<T>(work: () => T): T {
    const level = this.#depth;
    const recording = this.#recording;
    const recordedBefore = recording?.length ?? 0;
    this.#sqlite.exec(level === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT s${level}`);
    this.#depth = level + 1;
    try {
      const result = work();
      this.#sqlite.exec(level === 0 ? 'COMMIT' : `RELEASE s${level}`);
      return result;
    } catch (error) {
      this.#sqlite.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO s${level}; RELEASE s${level}`);
      // What is rolled back must not be executed again.
      recording?.splice(recordedBefore);
      throw error;
    } finally {
      this.#depth = level;
    }
  }

  /** Runs the work, rolls it back and returns its result and the statements that it executed. */
  dryRun<T>(work: () => T): { readonly result: T; readonly statements: readonly RecordedStatement[] } {
    const outer = this.#recording;
    const recording: RecordedStatement[] = [];
    const rollback = new DryRunRollback();
    this.#recording = recording;
    try {
      return this.transaction(() => {
        rollback.result = work();
        rollback.statements = [...recording];
        throw rollback;
      });
    } catch (error) {
      if (error !== rollback) throw error;
      return { result: rollback.result as T, statements: rollback.statements };
    } finally {
      this.#recording = outer;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #prepare(sql: string): BoundStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = bindStatement(this.#sqlite, sql);
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > maxStatements && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  /** A query that SQLite rejects (too deep, pattern too long) is an invalid request, not a failure of the sandbox. */
  #wrapSqliteError<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      throw new DataverseError(400, '0x80044150', `Generic SQL error. ${(error as Error).message}`);
    }
  }
}

/** A prepared statement that takes its values as a list. */
interface BoundStatement {
  all(values: readonly SqlValue[]): unknown[];
  get(values: readonly SqlValue[]): unknown;
  run(values: readonly SqlValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
}

/**
 * Node.js 22 treats placeholders `?1`, `?2` as named parameters. Binding by name is slow, so a statement that uses each
 * of them once, in order, is prepared with `?`. Others stay as they are: SQLite takes `f(?1)` in SELECT and in GROUP BY for
 * the same only if the placeholders have the same number.
 */
function bindStatement(sqlite: DatabaseSync, sql: string): BoundStatement {
  const numbers = [...sql.matchAll(/\?(\d+)/g)].map(([, number]) => Number(number));
  if (numbers.every((number, index) => number === index + 1)) {
    const statement = sqlite.prepare(numbers.length === 0 ? sql : sql.replaceAll(/\?\d+/g, '?'));
    return {
      all: (values) => statement.all(...values),
      get: (values) => statement.get(...values),
      run: (values) => statement.run(...values),
    };
  }
  const statement = sqlite.prepare(sql);
  const distinct = [...new Set(numbers)];
  const byNumber = (values: readonly SqlValue[]): Record<string, SqlValue> =>
    Object.fromEntries(distinct.map((number) => [number, values[number - 1] ?? null]));
  return {
    all: (values) => statement.all(byNumber(values)),
    get: (values) => statement.get(byNumber(values)),
    run: (values) => statement.run(byNumber(values)),
  };
}

/** Rolls the transaction of a dry run back and carries its result. */
class DryRunRollback extends Error {
  result: unknown;
  statements: readonly RecordedStatement[] = [];
}

export const isSqliteError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** The columns of a violated UNIQUE constraint, for example `account.accountid`; undefined for other errors. */
export function findUniqueViolation(error: unknown): string | undefined {
  if (!isSqliteError(error)) return undefined;
  return /^UNIQUE constraint failed: (.*)$/.exec((error as Error).message)?.[1];
}

/** Quotes an SQL identifier. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
