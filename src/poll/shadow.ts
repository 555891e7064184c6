import type { Json } from '../model/json.ts';
import type { Column, Table } from '../model/table.ts';
import { formattedValue } from '../odata/row.ts';
import { namedId } from '../run/ids.ts';
import type { Watching } from './poll-context.ts';
import type { Row } from './ports.ts';
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

/** The columns whose change counts; none = any. */
export function watchedColumns({ columns }: Watching, table: Table): readonly Column[] {
  return table.columns.filter(({ name }) => columns.includes(name));
}

/**
 * The row holds what `becomes` asks for: labels of choices or their numbers, ids of lookups or the names that
 * people see, `*` = anything.
 */
export function hasBecome(
  becomes: Watching['becomes'],
  columns: readonly Column[],
  { row }: RowFacts,
): boolean {
  return columns.every((column) => {
    const wanted = becomes?.[column.name];
    return wanted === undefined || wanted === '*' || holds(row, column, wanted);
  });
}

function holds(row: Row, { type, wire, choices }: Column, wanted: Json): boolean {
  const value = row[wire] ?? null;
  if (typeof wanted !== 'string') return value === wanted;
  if (type === 'lookup') return isSameText(value, wanted) || isSameText(formattedValue(row, wire), wanted);
  return value === (choices !== undefined && Object.hasOwn(choices, wanted) ? choices[wanted]! : wanted);
}

function isSameText(value: Json | undefined, wanted: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}
