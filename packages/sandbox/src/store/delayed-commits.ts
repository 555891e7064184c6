import type { Database, RecordedStatement } from './database.ts';

interface PendingCommit {
  readonly visibleAtMs: number;
  /** The last version given before the work began. */
  readonly versionBefore: bigint;
  readonly statements: readonly RecordedStatement[];
}

/** Work that is done but not seen yet, as of a transaction that commits late. */
export class DelayedCommits {
  readonly #database: Database;
  #pending: PendingCommit[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last version before the oldest work that is still hidden, if there is any. */
  get visibleVersionLimit(): bigint | undefined {
    return this.#pending.map(({ versionBefore }) => versionBefore).sort((a, b) => (a < b ? -1 : 1))[0];
  }

  /** Does the work, hides it, and answers what it answered. */
  add<T>(visibleAtMs: number, versionBefore: bigint, work: () => T): T {
    const { result, steps: statements } = this.#database.dryRun(work);
    this.#pending.push({ visibleAtMs, versionBefore, statements });
    this.#pending.sort((a, b) => a.visibleAtMs - b.visibleAtMs);
    return result;
  }

  /** Shows what is due. Work that no longer fits (its id was taken meanwhile) is dropped, as a deadlock's victim is. */
  commitDue(nowMs: number): void {
    while (this.#pending[0] && this.#pending[0].visibleAtMs <= nowMs) {
      const { statements } = this.#pending.shift()!;
      try {
        this.#database.transaction(() => {
          for (const { sql, values } of statements) this.#database.run(sql, values);
        });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) throw error;
      }
    }
  }
}
