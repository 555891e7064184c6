import type { Cursor } from './cursor.ts';
import type { RowFacts } from './row-facts.ts';

interface SeenVersion {
  readonly version: bigint;
  /** The later of created and modified. */
  readonly lastMs: number;
}

/** An entry as it is kept: id, version, the later of created and modified in milliseconds. */
export type SeenVersionEntry = readonly [id: string, version: string, lastMs: number];

/** The versions of rows that were seen and that the window can still show again. */
export class SeenVersions {
  readonly #entries = new Map<string, SeenVersion>();
  #changed = false;

  constructor(entries: readonly SeenVersionEntry[] = []) {
    for (const [id, version, lastMs] of entries) this.#entries.set(id, { version: BigInt(version), lastMs });
  }

  /** Something was noted since it was made. */
  get changed(): boolean {
    return this.#changed;
  }

  /** This version of the row, or a newer one, was seen. */
  has({ id, version }: RowFacts): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.version >= version;
  }

  /** Some version of the row was seen. */
  hasId(id: string): boolean {
    return this.#entries.has(id);
  }

  add({ id, version, createdMs, modifiedMs }: RowFacts): void {
    this.#entries.set(id, { version, lastMs: Math.max(createdMs, modifiedMs) });
    this.#changed = true;
  }

  /**
   * The entries that are still needed from a place on: rows that the window can show again, now or after it
   * moves to versions, and rows so young that without their entry they would pass for created.
   */
  entries({ newSinceMs, version, watermark }: Cursor): SeenVersionEntry[] {
    const low = version ?? watermark?.version;
    return [...this.#entries]
      .filter(([, entry]) => entry.lastMs >= newSinceMs || (low !== undefined && entry.version > low))
      .map(([id, entry]) => [id, String(entry.version), entry.lastMs]);
  }
}
