import type { JsonObject } from '../model/json.ts';
import type { MetadataOperations, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import type { Clock, StateStore } from '../model/runtime-services.ts';
import { versionAnnotation, versionPath } from './metadata-paths.ts';

/** What the service is made of. */
export interface MetadataServiceOptions {
  /** GETs a path below the Web API's base URL (`/$metadata` as text); rejects with NOT_FOUND (or BAD_REQUEST) where there is nothing. */
  readonly read: (path: string) => Promise<JsonObject>;
  readonly store: StateStore;
  readonly clock: Clock;
  /** The environment; processes that share a store share what is kept of it. */
  readonly origin: string;
}

/** What is read and kept as one. `table: null` = there is no such table. */
export interface MetadataEntry {
  readonly tables?: readonly MetadataTableSummary[];
  readonly table?: MetadataTable | null;
  readonly operations?: MetadataOperations;
}

/** A piece as it was at a version of the metadata. */
interface StoredEntry extends MetadataEntry {
  readonly readAt: number;
  readonly version?: string | undefined;
}

/** How long a piece is believed without asking for the version. */
const freshMs = 5 * 60 * 1000;
/** The shape of stored entries. It is part of their keys, so that a new version never reads an old shape. */
const format = 2;

/** Answers a piece by its key; `read` is called when it is not there, or no longer true. */
export type MetadataCache = (key: string, read: () => Promise<MetadataEntry>) => Promise<MetadataEntry>;

/**
 * The pieces that were read, in memory and in the store. One that is no longer fresh is answered at once and looked
 * after in the background: when the version of the metadata has changed it is read again. A refresh that fails
 * changes nothing.
 */
export function createMetadataCache(options: MetadataServiceOptions): MetadataCache {
  const { store, clock } = options;
  const memory = new Map<string, StoredEntry>();
  const pending = new Map<string, Promise<StoredEntry>>();

  const save = async (key: string, entry: StoredEntry): Promise<StoredEntry> => {
    memory.set(key, entry);
    await store.set(storeKey(options.origin, key), JSON.stringify(entry));
    return entry;
  };

  const refresh = async (
    key: string,
    known: StoredEntry | undefined,
    readEntry: () => Promise<MetadataEntry>,
  ): Promise<StoredEntry> => {
    // The version first: a change while the piece is read is then found at the next look.
    const version = await readVersion(options);
    const isSame = known !== undefined && version !== undefined && known.version === version;
    const entry = isSame ? known : await readEntry();
    return await save(key, { ...entry, readAt: clock.now(), version });
  };

  /** At most one at a time for each piece, whoever asks. */
  const dedupe = (key: string, work: () => Promise<StoredEntry>): Promise<StoredEntry> => {
    const running = pending.get(key);
    if (running !== undefined) return running;
    const promise = work().finally(() => pending.delete(key));
    pending.set(key, promise);
    return promise;
  };

  return async (key, readEntry) => {
    const known = memory.get(key) ?? (await loadStoredEntry(options, key));
    if (known === undefined) return await dedupe(key, () => refresh(key, undefined, readEntry));
    memory.set(key, known);
    if (clock.now() - known.readAt > freshMs)
      dedupe(key, () => refresh(key, known, readEntry)).catch(() => {});
    return known;
  };
}

/** The version of all metadata; undefined where the organization does not say. */
async function readVersion({ read }: MetadataServiceOptions): Promise<string | undefined> {
  const answer = await read(versionPath).catch(() => undefined);
  const version = answer?.[versionAnnotation];
  return version === undefined ? undefined : String(version);
}

function storeKey(origin: string, key: string): string {
  return `metadata/${format}/${origin}/${key}`;
}

async function loadStoredEntry(
  { store, origin }: MetadataServiceOptions,
  key: string,
): Promise<StoredEntry | undefined> {
  const row = await store.get(storeKey(origin, key));
  try {
    return row && (JSON.parse(row.value) as StoredEntry);
  } catch {
    // What cannot be read is read anew from the organization.
    return undefined;
  }
}
