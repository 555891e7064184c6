import type { JsonObject } from '../model/json.ts';
import type { MetadataOperations, MetadataTable, MetadataTableSummary } from '../model/metadata.ts';
import type { Clock, StateStore } from '../model/runtime-services.ts';
import { versionAnnotation, versionPath } from './metadata-paths.ts';

/** The options of the metadata service. */
export interface MetadataServiceOptions {
  /** Reads a path of the Web API (`/$metadata` as text). Rejects with NOT_FOUND or BAD_REQUEST if there is nothing. */
  readonly read: (path: string) => Promise<JsonObject>;
  readonly store: StateStore;
  readonly clock: Clock;
  /** The origin of the environment. Processes that share a store share its metadata. */
  readonly origin: string;
}

/** One entry of the cache. `table: null`: the table does not exist. */
export interface MetadataEntry {
  readonly tables?: readonly MetadataTableSummary[];
  readonly table?: MetadataTable | null;
  readonly operations?: MetadataOperations;
}

/** An entry with the version of the metadata it was read at. */
interface StoredEntry extends MetadataEntry {
  readonly readAt: number;
  readonly version?: string;
}

/** How long an entry is used without checking the version. */
const freshMs = 5 * 60 * 1000;
/** The shape of stored entries. It is part of their keys, so that a new version never reads an old shape. */
const format = 2;

/** Returns an entry by its key. `read` is called if the entry is missing or outdated. */
export type MetadataCache = (key: string, read: () => Promise<MetadataEntry>) => Promise<MetadataEntry>;

/**
 * Creates a cache of metadata, in memory and in the store. After five minutes an entry is still returned at once, but the
 * version of the metadata is checked in the background, and the entry is read again if the version has changed. A failed
 * refresh changes nothing.
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
    // The version is read first, so that a change during the read is found by the next check.
    const version = await readVersion(options);
    const isSame = known !== undefined && version !== undefined && known.version === version;
    const entry = isSame ? known : await readEntry();
    return await save(key, { ...entry, readAt: clock.now(), version });
  };

  /** Runs at most one read of each entry at a time. */
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

/** The version of the metadata; undefined if the organization does not provide it. */
async function readVersion({ read }: MetadataServiceOptions): Promise<string | undefined> {
  const response = await read(versionPath).catch(() => undefined);
  const version = response?.[versionAnnotation];
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
    // An entry that cannot be parsed is read again from the organization.
    return undefined;
  }
}
