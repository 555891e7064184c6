import { isNumber, isText, isVersion, listOf, mapOf, objectOf, optional } from '../model/json-shape.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** What a feed knows of one row. */
export interface RowRecord {
  /** The newest version that is in the log, or was recorded when the feed began; 0 for a row that only a walk has met. */
  readonly version: bigint;
  /** The later of created and modified, in milliseconds. */
  readonly lastMs: number;
  /** Wire name of a watched column -> fingerprint of its value. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** Columns that a walk over all rows has read after a change that no read of changes had met. */
  readonly uncertainColumns: readonly string[];
  /** The row was deleted; a restore can bring it back. */
  readonly isDeleted: boolean;
}

/** The record of a row that was not read. */
export const unreadRow: RowRecord = {
  version: 0n,
  lastMs: 0,
  fingerprints: {},
  uncertainColumns: [],
  isDeleted: false,
};

/** Whether no version of the row was read, or it was deleted since. */
export function isUnreadRecord({ version }: RowRecord): boolean {
  return version === unreadRow.version;
}

/** A record as it is stored, with short names: there is one for each row. */
interface StoredRecord {
  readonly v: string;
  readonly t: number;
  readonly f?: Readonly<Record<string, string>>;
  readonly u?: readonly string[];
  readonly d?: 1;
}

const isStoredRecord = objectOf({
  v: isVersion,
  t: isNumber,
  f: optional(mapOf(isText)),
  u: optional(listOf(isText)),
  d: optional((value) => value === 1),
});

/** The records of the rows that a read meets. `load` fetches them; changes are written with the read. */
export class RowRecords {
  readonly #prefix: string;
  readonly #buffer: WriteBuffer;
  readonly #records = new Map<string, RowRecord | undefined>();

  constructor({ key }: Pick<Feed, 'key'>, buffer: WriteBuffer) {
    this.#prefix = recordPrefix(key);
    this.#buffer = buffer;
  }

  async load(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#records.has(id));
    const stored = await this.#buffer.getStored(missing.map((id) => this.#prefix + id));
    for (const id of missing) {
      const entry = stored.get(this.#prefix + id);
      this.#records.set(id, entry && parseRecord(this.#prefix + id, entry.value));
    }
  }

  /** The record of a row that was loaded. */
  get(id: string): RowRecord | undefined {
    return this.#records.get(id);
  }

  set(id: string, record: RowRecord): void {
    this.#records.set(id, record);
    this.#buffer.set(this.#prefix + id, serializeRecord(record));
  }

  markDeleted(id: string): void {
    this.set(id, { ...unreadRow, isDeleted: true });
  }
}

/** The beginning of the keys of a feed's records. */
export function recordPrefix(key: string): string {
  return `${key}row/`;
}

function serializeRecord({ version, lastMs, fingerprints, uncertainColumns, isDeleted }: RowRecord): string {
  const stored: StoredRecord = {
    v: String(version),
    t: lastMs,
    f: Object.keys(fingerprints).length > 0 ? fingerprints : undefined,
    u: uncertainColumns.length > 0 ? uncertainColumns : undefined,
    d: isDeleted ? 1 : undefined,
  };
  return JSON.stringify(stored);
}

export function parseRecord(key: string, text: string): RowRecord {
  const { v, t, f, u, d } = parseStoredJson<StoredRecord>(key, text, isStoredRecord);
  return {
    version: BigInt(v),
    lastMs: t,
    fingerprints: f ?? {},
    uncertainColumns: u ?? [],
    isDeleted: d === 1,
  };
}
