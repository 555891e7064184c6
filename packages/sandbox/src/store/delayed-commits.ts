import { type Database, isSqliteError, type RecordedStatement } from './database.ts';

interface PendingCommit {
  /** Infinity: not decided yet. */
  readonly visibleAtMs: number;
  /** The last row version before the work started. */
  readonly versionBefore: bigint;
  readonly statements: readonly RecordedStatement[];
}

/** Work that is done but not committed. */
export interface HeldWork<T> {
  readonly result: T;
  /** Commits the writes now. Throws an SQLite error when they no longer apply. */
  commit(): void;
  /** Commits the writes at this time. */
  commitAt(visibleAtMs: number): void;
  /** Forgets the writes. */
  discard(): void;
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

  /** Runs the work and rolls it back. Its writes stay invisible until the caller commits or discards them. */
  hold<T>(versionBefore: bigint, work: () => T): HeldWork<T> {
    const { result, statements } = this.#database.dryRun(work);
    const held: PendingCommit = { visibleAtMs: Number.POSITIVE_INFINITY, versionBefore, statements };
    const remove = () => {
      this.#pending = this.#pending.filter((each) => each !== held);
    };
    this.#pending.push(held);
    return {
      result,
      commit: () => {
        remove();
        this.#commit(held);
      },
      commitAt: (visibleAtMs) => {
        remove();
        this.#pending.push({ ...held, visibleAtMs });
        this.#pending.sort((a, b) => a.visibleAtMs - b.visibleAtMs);
      },
      discard: remove,
    };
  }

  /** Commits what is due. Writes that no longer apply (their id was taken) are dropped, like the victim of a deadlock. */
  commitDue(nowMs: number): void {
    const due = this.#pending.filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    if (due.length === 0) return;
    this.#pending = this.#pending.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
    for (const each of due) {
      try {
        this.#commit(each);
      } catch (error) {
        if (!isSqliteError(error)) throw error;
      }
    }
  }

  #commit({ statements }: PendingCommit): void {
    this.#database.transaction(() => {
      for (const { sql, values } of statements) this.#database.run(sql, values);
    });
  }
}
