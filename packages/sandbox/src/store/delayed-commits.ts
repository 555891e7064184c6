import { type Database, isSqliteError, type RecordedStatement } from './database.ts';

interface PendingCommit {
  readonly visibleAtMs: number;
  /** The last row version before the work started. */
  readonly versionBefore: bigint;
  readonly statements: readonly RecordedStatement[];
}

/** Writes that are done but not visible yet, as in a transaction that commits late. */
export class DelayedCommits {
  readonly #database: Database;
  #pending: PendingCommit[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last row version before the oldest invisible write; undefined when there is none. */
  get visibleVersionLimit(): bigint | undefined {
    return this.#pending.map(({ versionBefore }) => versionBefore).sort((a, b) => (a < b ? -1 : 1))[0];
  }

  /** Runs the work and rolls it back. `keep` schedules its writes for `visibleAtMs` and returns its result. */
  prepare<T>(visibleAtMs: number, versionBefore: bigint, work: () => T): { readonly keep: () => T } {
    const { result, statements } = this.#database.dryRun(work);
    return {
      keep: () => {
        this.#pending.push({ visibleAtMs, versionBefore, statements });
        this.#pending.sort((a, b) => a.visibleAtMs - b.visibleAtMs);
        return result;
      },
    };
  }

  /** Commits what is due. Writes that no longer apply (their id was taken) are dropped, like the victim of a deadlock. */
  commitDue(nowMs: number): void {
    const due = this.#pending.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
    for (const { statements } of due) {
      try {
        this.#database.transaction(() => {
          for (const { sql, values } of statements) this.#database.run(sql, values);
        });
      } catch (error) {
        if (!isSqliteError(error)) throw error;
      }
    }
  }
}
