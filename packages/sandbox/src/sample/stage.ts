import type { Random } from '../random.ts';
import type { Actor, Reference, Row, Store, Values } from '../store/types.ts';

const day = 86_400_000;

/** Where the sample is made: the store, chance, and the time that "days ago" counts from. */
export class Stage {
  readonly store: Store;
  readonly #random: Random;
  readonly #nowMs: number;

  constructor(store: Store, random: Random, nowMs: number) {
    this.store = store;
    this.#random = random;
    this.#nowMs = nowMs;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#random.next() * (high - low + 1));
  }

  /** Yes in `percent` of the cases. */
  chance(percent: number): boolean {
    return this.#random.next() * 100 < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)]!;
  }

  uuid(): string {
    return this.#random.uuid();
  }

  /** A moment that many days ago, as a column takes it. */
  moment(daysAgo: number): string {
    return `${new Date(this.#nowMs - daysAgo * day).toISOString().slice(0, 19)}Z`;
  }

  /** Adds a row that was made that many days ago. */
  add(table: string, values: Values, { by, daysAgo }: { by: Actor; daysAgo: number }): Row {
    return this.store.asOf(this.#nowMs - daysAgo * day, () =>
      this.store.insert(table, { ...this.#key(table), ...values }, by),
    );
  }

  /** Changes a row that many days ago. */
  change(row: Reference, values: Values, { by, daysAgo }: { by: Actor; daysAgo: number }): void {
    this.store.asOf(this.#nowMs - daysAgo * day, () =>
      this.store.update({ table: row.table, id: row.id, values, actor: by }),
    );
  }

  #key(table: string): Values {
    return { [this.store.model.table(table)!.primaryId]: this.uuid() };
  }
}

/** A row as a lookup takes it. */
export const refer = ({ table, id }: Reference): Reference => ({ table, id });
