import type { Database, Step } from './database.ts';

interface Pending {
  readonly visibleAtMs: number;
  /** The last version given before the work began. */
  readonly before: bigint;
  readonly steps: readonly Step[];
}

/** Work that is done but not seen yet, as of a transaction that commits late. */
export class LateWork {
  readonly #database: Database;
  #pending: Pending[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last version before the oldest work that is still hidden, if there is any. */
  get settledBefore(): bigint | undefined {
    return this.#pending.map(({ before }) => before).sort((a, b) => (a < b ? -1 : 1))[0];
  }

  /** Does the work, hides it, and answers what it answered. */
  add<T>(visibleAtMs: number, before: bigint, work: () => T): T {
    const { result, steps } = this.#database.rehearse(work);
    this.#pending.push({ visibleAtMs, before, steps });
    this.#pending.sort((a, b) => a.visibleAtMs - b.visibleAtMs);
    return result;
  }

  /** Shows what is due. Work that no longer fits (its id was taken meanwhile) is dropped, as a deadlock's victim is. */
  settle(nowMs: number): void {
    while (this.#pending[0] && this.#pending[0].visibleAtMs <= nowMs) {
      const { steps } = this.#pending.shift()!;
      try {
        this.#database.transaction(() => {
          for (const { sql, values } of steps) this.#database.run(sql, values);
        });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR')) throw error;
      }
    }
  }
}
