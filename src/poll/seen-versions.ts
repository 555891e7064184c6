import type { Cursor } from './cursor.ts';
import type { RowFacts } from './row-facts.ts';

interface SeenVersion {
  readonly version: bigint;
  /** The later of created and modified. */
  readonly lastMs: number;
}

/** A serialized entry: id, version, and the later of created and modified in milliseconds. */
export type SeenVersionEntry = readonly [id: string, version: string, lastMs: number];

/** The row versions that were read and that the window can still return again. */
export class SeenVersions {
  readonly #entries = new Map<string, SeenVersion>();
  #changed = false;

  constructor(entries: readonly SeenVersionEntry[] = []) {
    for (const [id, version, lastMs] of entries) this.#entries.set(id, { version: BigInt(version), lastMs });
  }

  /** Whether a version was added. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Whether this version of the row or a newer one was read. */
  has({ id, version }: RowFacts): boolean {
    const entry = this.#entries.get(id);
    return entry !== undefined && entry.version >= version;
  }

  /** Whether any version of the row was read. */
  hasId(id: string): boolean {
    return this.#entries.has(id);
  }

  add({ id, version, createdMs, modifiedMs }: RowFacts): void {
    this.#entries.set(id, { version, lastMs: Math.max(createdMs, modifiedMs) });
    this.#changed = true;
  }

  /**
   * The entries that a cursor still needs: rows that the window can return again, also after it switches to versions,
   * and recent rows that would count as created without their entry.
   */
  entries({ newSinceMs, version, watermark }: Cursor): SeenVersionEntry[] {
    const low = version ?? watermark?.version;
    return [...this.#entries]
      .filter(([, entry]) => entry.lastMs >= newSinceMs || (low !== undefined && entry.version > low))
      .map(([id, entry]) => [id, String(entry.version), entry.lastMs]);
  }
}
