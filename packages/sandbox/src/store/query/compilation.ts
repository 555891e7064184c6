import type { Model } from '../../model/types.ts';
import type { SqlValue, StoreContext } from '../database.ts';
import { DataverseError } from '../errors.ts';
import type { Actor } from '../types.ts';

/** What a query runs against. */
export interface QueryContext extends StoreContext {
  readonly actor: Actor;
  readonly nowMs: number;
}

/** The maximum number of conditions in a query. */
const maxConditions = 500;

/** The state of one statement while it is compiled: its bound values, table aliases and conditions. */
export class QueryCompilation {
  readonly model: Model;
  readonly actor: Actor;
  /** The current time, for functions such as `Today`, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Bound values, in the order of their placeholders. */
  readonly values: SqlValue[] = [];
  #aliases = 0;
  #conditions = 0;

  constructor(model: Model, actor: Actor, nowMs: number) {
    this.model = model;
    this.actor = actor;
    this.nowMs = nowMs;
  }

  /** Binds a value and returns its placeholder, for example `?3`. */
  bind(value: SqlValue): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }

  /** Binds a list as one value, for `IN`. */
  bindList(values: readonly string[]): string {
    return `(SELECT value FROM json_each(${this.bind(JSON.stringify(values))}))`;
  }

  /** A new alias for a table. */
  nextAlias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  /** Counts a condition. Throws when there are too many. */
  countCondition(): void {
    this.#conditions += 1;
    if (this.#conditions > maxConditions) {
      throw new DataverseError(400, '0x8004430c', 'Number of conditions in query exceeded maximum limit.');
    }
  }
}
