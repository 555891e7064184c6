import { isSameJson, type Json, type JsonObject } from '../../model/json.ts';
import type { Table } from '../../model/table.ts';
import { parseFilter } from '../../odata/query/parse-filter.ts';
import { etagMember, formatEtag } from '../../odata/row-annotations.ts';
import { encodeTestRow } from './encode-test-row.ts';
import { judgeRow, UnjudgedFilter } from './judge-row.ts';

interface StoredRow {
  /** As the test states it. */
  readonly stated: JsonObject;
  /** As Dataverse sends it. */
  readonly wire: JsonObject;
  /** The number of the change that wrote it. */
  readonly change: number;
}

/** How long before a poll its changes were made. */
const changedBeforeMs = 30_000;
/** How long before the first poll its rows were made. */
const existsBeforeMs = 86_400_000;

const firstVersion = 1_000_000;

/** The rows of one table of an organization: those that a test states for each poll. */
export class TestRows {
  readonly #table: Table;
  readonly #rows = new Map<string, StoredRow>();
  /** The id of each deleted row, and the number of the change. */
  readonly #deleted = new Map<string, number>();
  #changes = 0;
  #isEmpty = true;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The number of changes so far: the token of a delta link. */
  get changes(): number {
    return this.#changes;
  }

  /** Replaces all rows. One that is new or differs was written shortly before; one that is missing was deleted. */
  set(stated: readonly JsonObject[], atMs: number): void {
    const writtenMs = atMs - (this.#isEmpty ? existsBeforeMs : changedBeforeMs);
    this.#isEmpty = false;
    for (const row of stated) {
      const id = String(row.id);
      if (!isSameJson(this.#rows.get(id)?.stated ?? null, row)) this.#write(id, row, writtenMs);
    }
    const ids = new Set(stated.map(({ id }) => String(id)));
    for (const id of [...this.#rows.keys()].filter((one) => !ids.has(one))) {
      this.#rows.delete(id);
      this.#deleted.set(id, ++this.#changes);
    }
  }

  /** The rows of a query, with the columns that it selects. */
  select(options: URLSearchParams): readonly JsonObject[] {
    const filter = readFilter(options.get('$filter'));
    const [column = '', direction] = (options.get('$orderby') ?? '').split(',')[0]?.split(' ') ?? [];
    const found = [...this.#rows.values()]
      .map(({ wire }) => wire)
      .filter((row) => filter === undefined || judgeRow(filter, row))
      .toSorted((a, b) => compareCells(a[column], b[column]));
    const names = [
      etagMember,
      this.#table.key,
      ...(options.get('$select') ?? '').split(',').filter((name) => name !== ''),
    ];
    return (direction === 'desc' ? found.reverse() : found).map((row) => pickColumns(row, names));
  }

  /** The keys of the rows that were written after a change, and the ids of those that were deleted. */
  changesSince(change: number): {
    readonly written: readonly JsonObject[];
    readonly deleted: readonly string[];
  } {
    const written = [...this.#rows].filter(([, row]) => row.change > change);
    const deleted = [...this.#deleted].filter(([, at]) => at > change);
    return {
      written: written.map(([id]) => ({ [this.#table.key]: id })),
      deleted: deleted.map(([id]) => id),
    };
  }

  #write(id: string, stated: JsonObject, writtenMs: number): void {
    const change = ++this.#changes;
    const { createdon = toSeconds(writtenMs) } = this.#rows.get(id)?.wire ?? {};
    const version = firstVersion + change;
    const times = { createdon, modifiedon: toSeconds(writtenMs) };
    const facts = { [etagMember]: formatEtag(String(version)), versionnumber: version, ...times };
    this.#rows.set(id, { stated, wire: { ...facts, ...encodeTestRow(this.#table, stated) }, change });
    this.#deleted.delete(id);
  }
}

function readFilter(text: string | null) {
  const parsed = text === null ? undefined : parseFilter(text);
  if (parsed?.ok === false) throw new UnjudgedFilter(`the filter ${text}`);
  return parsed?.value;
}

function compareCells(a: Json | undefined, b: Json | undefined): number {
  if (a === b) return 0;
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1;
}

/** The columns that a read selects, with the display texts that belong to them. A column without a value is null. */
function pickColumns(row: JsonObject, names: readonly string[]): JsonObject {
  const values = names.map((name) => [name, row[name] ?? null] as const);
  const annotations = Object.entries(row).filter(([name]) => names.some((one) => name.startsWith(`${one}@`)));
  return Object.fromEntries([...values, ...annotations]);
}

function toSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
