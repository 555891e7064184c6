import { dayMs } from '../days.ts';
import type { Random } from '../random.ts';
import { formatDateTime } from '../store/date-time.ts';
import { requireTable } from '../store/require-table.ts';
import type { Actor, ColumnValues, EntityReference, OrganizationStore, StoredRow } from '../store/types.ts';

/** Inserts sample rows into a store, with random values and times relative to `nowMs`. */
export class SampleBuilder {
  readonly store: OrganizationStore;
  readonly #random: Random;
  readonly #nowMs: number;

  constructor(store: OrganizationStore, random: Random, nowMs: number) {
    this.store = store;
    this.#random = random;
    this.#nowMs = nowMs;
  }

  /** A random integer from `low` to `high`, both inclusive. */
  randomInteger(low: number, high: number): number {
    return low + Math.floor(this.#random.next() * (high - low + 1));
  }

  /** True with a probability of `percent`. */
  randomBoolean(percent: number): boolean {
    return this.#random.next() * 100 < percent;
  }

  /** A random item of a list that is not empty. */
  pickRandom<T>(items: readonly T[]): T {
    return items[this.randomInteger(0, items.length - 1)] as T;
  }

  uuid(): string {
    return this.#random.uuid();
  }

  /** The time so many days ago, as a column value. */
  dateTimeDaysAgo(daysAgo: number): string {
    return formatDateTime(this.#nowMs - daysAgo * dayMs);
  }

  /** Inserts a row at a time in the past. */
  insert(table: string, values: ColumnValues, { by, daysAgo }: { by: Actor; daysAgo: number }): StoredRow {
    return this.store.withTime(this.#nowMs - daysAgo * dayMs, () =>
      this.store.insert(table, { ...this.#key(table), ...values }, by),
    );
  }

  /** Inserts a row at a time in the past, without reading it back. */
  add(table: string, values: ColumnValues, { by, daysAgo }: { by: Actor; daysAgo: number }): void {
    this.store.withTime(this.#nowMs - daysAgo * dayMs, () =>
      this.store.add(table, { ...this.#key(table), ...values }, by),
    );
  }

  /** Updates a row at a time in the past. */
  update(row: EntityReference, values: ColumnValues, { by, daysAgo }: { by: Actor; daysAgo: number }): void {
    this.store.withTime(this.#nowMs - daysAgo * dayMs, () =>
      this.store.update({ table: row.table, id: row.id, values, actor: by }),
    );
  }

  #key(table: string): ColumnValues {
    return { [requireTable(this.store.model, table).primaryId]: this.uuid() };
  }
}
