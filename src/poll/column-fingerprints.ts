import type { Json } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { readFormattedValue } from '../odata/row-annotations.ts';
import { deterministicId } from '../run/deterministic-id.ts';
import type { ResolvedWatch } from './poll-context.ts';
import type { RowFacts } from './row-facts.ts';
import type { WireRow } from './row-reader-port.ts';

/** How the watched columns of a row compare with the last read: first read, unchanged or changed. */
export type ColumnChange = 'first' | 'same' | 'changed';

/** The id of a row and the fingerprint of its watched columns. */
export type FingerprintEntry = readonly [id: string, fingerprint: string];

/** Maximum number of rows. The row that has not changed for the longest time is removed first; its next read is a new baseline. */
const maxEntries = 200_000;

/**
 * The watched columns of each row at its last read, as fingerprints: no values are stored. The first read of a row is
 * the baseline and never a change.
 */
export class ColumnFingerprints {
  readonly #columns: readonly TableColumn[];
  readonly #fingerprints: Map<string, string>;

  constructor(columns: readonly TableColumn[], entries: readonly FingerprintEntry[] = []) {
    this.#columns = columns;
    this.#fingerprints = new Map(entries);
  }

  compare({ id, row }: RowFacts): ColumnChange {
    if (this.#columns.length === 0) return 'changed';
    const print = deterministicId(
      ...this.#columns.map(({ wireName }) => JSON.stringify(row[wireName] ?? null)),
    );
    const before = this.#fingerprints.get(id);
    if (before === print) return 'same';
    this.#fingerprints.delete(id);
    this.#fingerprints.set(id, print);
    if (this.#fingerprints.size > maxEntries)
      this.#fingerprints.delete(this.#fingerprints.keys().next().value!);
    return before === undefined ? 'first' : 'changed';
  }

  entries(): FingerprintEntry[] {
    return [...this.#fingerprints];
  }
}

/** The columns whose changes the trigger reports; empty if it reports changes of any column. */
export function watchedColumns({ columns }: ResolvedWatch, table: Table): readonly TableColumn[] {
  return table.columns.filter(({ name }) => columns.includes(name));
}

/**
 * Whether a row has the values of `changedTo`: labels or numbers of choices, ids or display names of lookups; `*`
 * matches any value.
 */
export function hasChangedTo(
  changedTo: ResolvedWatch['changedTo'],
  columns: readonly TableColumn[],
  { row }: RowFacts,
): boolean {
  return columns.every((column) => {
    const expected = changedTo?.[column.name];
    return expected === undefined || expected === '*' || matchesValue(row, column, expected);
  });
}

function matchesValue(row: WireRow, { type, wireName, choices }: TableColumn, expected: Json): boolean {
  const value = row[wireName] ?? null;
  if (typeof expected !== 'string') return value === expected;
  if (type === 'lookup')
    return isSameText(value, expected) || isSameText(readFormattedValue(row, wireName), expected);
  return (
    value === (choices !== undefined && Object.hasOwn(choices, expected) ? choices[expected]! : expected)
  );
}

function isSameText(value: Json | undefined, wanted: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase();
}
