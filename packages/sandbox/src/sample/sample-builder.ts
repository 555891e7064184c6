import type { Random } from '../random.ts';
import type { Actor, ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';

const dayMs = 86_400_000;

/** Where the sample is made: the store, chance, and the time that "days ago" counts from. */
export class SampleBuilder {
  readonly store: OrganizationStore;
  readonly #random: Random;
  readonly #nowMs: number;

  constructor(store: OrganizationStore, random: Random, nowMs: number) {
    this.store = store;
    this.#random = random;
    this.#nowMs = nowMs;
  }

  /** A whole number from `low` to `high`, both included. */
  randomInteger(low: number, high: number): number {
    return low + Math.floor(this.#random.next() * (high - low + 1));
  }

  /** Yes in `percent` of the cases. */
  randomBoolean(percent: number): boolean {
    return this.#random.next() * 100 < percent;
  }

  pickRandom<T>(items: readonly T[]): T {
    return items[this.randomInteger(0, items.length - 1)]!;
  }

  uuid(): string {
    return this.#random.uuid();
  }

  /** A moment that many days ago, as a column takes it. */
  dateTimeDaysAgo(daysAgo: number): string {
    return `${new Date(this.#nowMs - daysAgo * dayMs).toISOString().slice(0, 19)}Z`;
  }

  /** Adds a row that was made that many days ago. */
  insert(table: string, values: ColumnValues, { by, daysAgo }: { by: Actor; daysAgo: number }): StoredRow {
    return this.store.withTime(this.#nowMs - daysAgo * dayMs, () =>
      this.store.insert(table, { ...this.#key(table), ...values }, by),
    );
  }

  /** Changes a row that many days ago. */
  update(row: EntityReference, values: ColumnValues, { by, daysAgo }: { by: Actor; daysAgo: number }): void {
    this.store.withTime(this.#nowMs - daysAgo * dayMs, () =>
      this.store.update({ table: row.table, id: row.id, values, actor: by }),
    );
  }

  #key(table: string): ColumnValues {
    return { [this.store.model.table(table)!.primaryId]: this.uuid() };
  }
}

/** A row as a lookup takes it. */
export const toReference = ({ table, id }: EntityReference): EntityReference => ({ table, id });
