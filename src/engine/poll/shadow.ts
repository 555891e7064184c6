import type { Watch } from '../../model/definition.ts';
import type { Json } from '../../model/json.ts';
import type { Column, Table } from '../../model/table.ts';
import { namedId } from '../ids.ts';
import type { RowFacts } from './row-facts.ts';

/** What a row's watched columns did: seen for the first time, as before, or changed. */
export type Sight = 'first' | 'same' | 'changed';

/** A record and the fingerprint of its watched columns. */
export type ShadowRow = readonly [id: string, fingerprint: string];

/** Records remembered; the one longest unchanged is forgotten first, and then begins anew with a baseline. */
const MOST = 200_000;

/**
 * What the watched columns held when a record was last seen, as fingerprints: no values are kept. The first
 * sight of a record is a baseline, never a change.
 */
export class Shadow {
  readonly #columns: readonly Column[];
  readonly #prints: Map<string, string>;

  constructor(columns: readonly Column[], rows: readonly ShadowRow[] = []) {
    this.#columns = columns;
    this.#prints = new Map(rows);
  }

  observe({ id, row }: RowFacts): Sight {
    if (this.#columns.length === 0) return 'changed';
    const print = namedId(...this.#columns.map(({ wire }) => JSON.stringify(row[wire] ?? null)));
    const before = this.#prints.get(id);
    if (before === print) return 'same';
    this.#prints.delete(id);
    this.#prints.set(id, print);
    if (this.#prints.size > MOST) this.#prints.delete(this.#prints.keys().next().value!);
    return before === undefined ? 'first' : 'changed';
  }

  rows(): ShadowRow[] {
    return [...this.#prints];
  }
}

/** The columns whose change counts: those of `becomes` where there is one, else `columns`; none = any. */
export function watchedColumns({ columns, becomes }: Watch, table: Table): readonly Column[] {
  const names = becomes === undefined ? columns : Object.keys(becomes);
  return table.columns.filter(({ name }) => names.includes(name));
}

/** The row holds what `becomes` asks for: labels of choices or their numbers, ids of lookups, `*` = anything. */
export function hasBecome(becomes: Watch['becomes'], columns: readonly Column[], { row }: RowFacts): boolean {
  return columns.every((column) => {
    const wanted = becomes?.[column.name];
    return wanted === undefined || wanted === '*' || onWire(column, wanted) === (row[column.wire] ?? null);
  });
}

function onWire({ choices }: Column, value: Json): Json {
  const isLabel = typeof value === 'string' && choices !== undefined && Object.hasOwn(choices, value);
  return isLabel ? choices[value]! : value;
}
