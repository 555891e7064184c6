import type { Model } from '../../model/types.ts';
import type { SqlValue } from '../database.ts';
import { DataverseError } from '../errors.ts';
import type { Actor } from '../types.ts';

/** Dataverse refuses queries of more conditions than this. */
const maxConditions = 500;

/** What a query is compiled against, and the values it binds. One per statement. */
export class QueryCompilation {
  readonly model: Model;
  readonly actor: Actor;
  /** The moment that "today" is about. */
  readonly nowMs: number;
  /** Bound values, in the order of their numbers. */
  readonly values: SqlValue[] = [];
  #aliases = 0;
  #conditions = 0;

  constructor(model: Model, actor: Actor, nowMs: number) {
    this.model = model;
    this.actor = actor;
    this.nowMs = nowMs;
  }

  /** Binds a value and answers its place: `?3`. */
  bind(value: SqlValue): string {
    this.values.push(value);
    return `?${this.values.length}`;
  }

  /** Binds a list as one value, for `IN`. */
  bindList(values: readonly string[]): string {
    return `(SELECT value FROM json_each(${this.bind(JSON.stringify(values))}))`;
  }

  /** A fresh alias for a table. */
  nextAlias(): string {
    this.#aliases += 1;
    return `t${this.#aliases}`;
  }

  /** Counts a condition; too many are refused. */
  countCondition(): void {
    this.#conditions += 1;
    if (this.#conditions > maxConditions) {
      throw new DataverseError('0x8004430c', 400, 'Number of conditions in query exceeded maximum limit.');
    }
  }
}
