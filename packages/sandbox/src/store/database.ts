import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ConnectorError } from 'dynamics365-connector';
import { DataverseError } from './errors.ts';

/** What SQLite takes and gives. */
export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = Record<string, SqlValue>;

/** One statement with its values, as it was run: enough to run it again. */
export interface RecordedStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const maxStatements = 400;

/** A file belongs to one process at a time: two that count and number rows by themselves would spoil it. */
const pragmas =
  'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;';

function openSqlite(path: string): DatabaseSync {
  try {
    const sqlite = new DatabaseSync(path);
    sqlite.exec(pragmas);
    return sqlite;
  } catch (error) {
    if (/\block(ed)?\b/.test((error as Error).message)) {
      throw new ConnectorError('SETTING_INVALID', `Another sandbox has ${path} open.`, {
        advice: 'Stop the other one, or name another file.',
      });
    }
    throw new ConnectorError(
      'SETTING_INVALID',
      `The sandbox cannot open ${path}: ${(error as Error).message}.`,
      {
        advice: 'Name a file in a folder that is there and that you may write to.',
      },
    );
  }
}

/** SQLite with prepared statements kept for reuse, nested transactions, and a record of what is written. */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, BoundStatement>();
  #depth = 0;
  #recording: RecordedStatement[] | undefined;

  /** `:memory:` or the path of a file. */
  constructor(path: string) {
    this.#sqlite = openSqlite(path);
  }

  /** Whether a transaction is under way. */
  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  /** Rows of a query. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#wrapSqliteError(() => this.#prepare(sql).all(values) as SqlRow[]);
  }

  /** The first row of a query. */
  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.#wrapSqliteError(() => this.#prepare(sql).get(values) as SqlRow | undefined);
  }

  /** Writes; answers how many rows changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    this.#recording?.push({ sql, values });
    return Number(this.#prepare(sql).run(values).changes);
  }

  /** Changes the schema. */
  executeSchema(sql: string): void {
    this.#statements.clear();
    this.#sqlite.exec(sql);
  }

  /** All or nothing; a call within a call is a savepoint. */
  transaction<T>(work: () => T): T {
    const level = this.#depth;
    this.#sqlite.exec(level === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT s${level}`);
    this.#depth = level + 1;
    try {
      const result = work();
      this.#sqlite.exec(level === 0 ? 'COMMIT' : `RELEASE s${level}`);
      return result;
    } catch (error) {
      this.#sqlite.exec(level === 0 ? 'ROLLBACK' : `ROLLBACK TO s${level}; RELEASE s${level}`);
      throw error;
    } finally {
      this.#depth = level;
    }
  }

  /** Does the work, takes it back, and answers what it wrote. */
  dryRun<T>(work: () => T): { readonly result: T; readonly steps: readonly RecordedStatement[] } {
    const outer = this.#recording;
    const statements: RecordedStatement[] = [];
    this.#recording = statements;
    try {
      let outcome: { readonly result: T } | undefined;
      try {
        this.transaction(() => {
          outcome = { result: work() };
          throw new DryRunRollback();
        });
      } catch (error) {
        if (!(error instanceof DryRunRollback)) throw error;
      }
      return { result: outcome!.result, steps: statements };
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
    const statement = bindStatement(this.#sqlite.prepare(sql), sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > maxStatements) {
      this.#statements.delete(this.#statements.keys().next().value!);
    }
    return statement;
  }

  /** A query that SQLite will not run (too deep, too long a pattern) is the asker's fault, not a crash. */
  #wrapSqliteError<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      throw new DataverseError('0x80044150', 400, `Generic SQL error. ${(error as Error).message}`);
    }
  }
}

/** A statement that takes its values as a list. */
interface BoundStatement {
  all(values: readonly SqlValue[]): unknown[];
  get(values: readonly SqlValue[]): unknown;
  run(values: readonly SqlValue[]): { readonly changes: number | bigint };
}

/**
 * `?1`, `?2` are bound by name: Node 22 counts them as named, and takes no list for them. SQLite looks each name up
 * from the first on, so a statement with hundreds of values writes `?`, whose values go in order.
 */
function bindStatement(statement: StatementSync, sql: string): BoundStatement {
  if (!/\?\d/.test(sql)) {
    return {
      all: (values) => statement.all(...values),
      get: (values) => statement.get(...values),
      run: (values) => statement.run(...values),
    };
  }
  const byPosition = (values: readonly SqlValue[]): Record<string, SqlValue> =>
    Object.fromEntries(values.map((value, index) => [index + 1, value]));
  return {
    all: (values) => statement.all(byPosition(values)),
    get: (values) => statement.get(byPosition(values)),
    run: (values) => statement.run(byPosition(values)),
  };
}

/** Thrown to take a rehearsed transaction back. */
class DryRunRollback extends Error {}

const isSqliteError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** Whether a write failed because a value must be unique, and on which columns: `account.accountid`. */
export function findUniqueViolation(error: unknown): string | undefined {
  if (!isSqliteError(error)) return undefined;
  return /^UNIQUE constraint failed: (.*)$/.exec((error as Error).message)?.[1];
}

/** A name as SQL takes it. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
