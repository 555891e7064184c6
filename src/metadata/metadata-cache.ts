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
  /** The origin of the environment. */
  readonly origin: string;
  /**
   * The user who reads. Labels are in this user's language, so only processes of the same user share metadata through
   * the store. Undefined if the token does not tell: then nothing is stored.
   */
  readonly caller?: () => Promise<string | undefined>;
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
const format = 3;

/** The metadata that has been read, in memory and in the store. */
export interface MetadataCache {
  /**
   * Returns an entry by its key. `read` is called if the entry is missing or outdated. After five minutes an entry is
   * still returned at once, but the version of the metadata is checked in the background, and the entry is read again
   * if the version has changed. A failed refresh changes nothing.
   */
  get(key: string, read: () => Promise<MetadataEntry>): Promise<MetadataEntry>;
  /**
   * Compares the version of the metadata now. Drops the entries of another version, and those read more than five
   * minutes ago, because a user may have chosen another language.
   *
   * @returns whether an entry was dropped: what follows from it can be different now
   */
  revalidate(): Promise<boolean>;
}

/** Creates a cache of metadata. */
export function createMetadataCache(options: MetadataServiceOptions): MetadataCache {
  const { clock } = options;
  const memory = new Map<string, StoredEntry>();
  const pending = new Map<string, Promise<StoredEntry>>();
  // The version that an entry of the store must have; undefined until the version has been compared.
  let required: { readonly version: string | undefined } | undefined;

  const refresh = async (
    key: string,
    known: StoredEntry | undefined,
    readEntry: () => Promise<MetadataEntry>,
  ): Promise<StoredEntry> => {
    // The version is read first, so that a change during the read is found by the next check.
    const version = await readVersion(options);
    const isSame = known !== undefined && version !== undefined && known.version === version;
    const entry = { ...(isSame ? known : await readEntry()), readAt: clock.now(), version };
    memory.set(key, entry);
    await storeEntry(options, key, entry);
    return entry;
  };

  // A time in the future was stored before the clock was put back, so it says nothing.
  const isFresh = ({ readAt }: StoredEntry) => Math.abs(clock.now() - readAt) <= freshMs;

  const isCurrent = (entry: StoredEntry) =>
    entry.version !== undefined && entry.version === required?.version && isFresh(entry);

  const loadKnown = async (key: string): Promise<StoredEntry | undefined> => {
    const inMemory = memory.get(key);
    if (inMemory !== undefined) return inMemory;
    const stored = await loadStoredEntry(options, key);
    if (stored === undefined || (required !== undefined && !isCurrent(stored))) return undefined;
    memory.set(key, stored);
    return stored;
  };

  return {
    async get(key, readEntry) {
      const known = await loadKnown(key);
      if (known === undefined) return await dedupe(pending, key, () => refresh(key, undefined, readEntry));
      if (!isFresh(known)) dedupe(pending, key, () => refresh(key, known, readEntry)).catch(() => {});
      return known;
    },
    async revalidate() {
      required = { version: await readVersion(options) };
      const outdated = [...memory].filter(([, entry]) => !isCurrent(entry));
      for (const [key] of outdated) memory.delete(key);
      // A read that began before the comparison may have seen the metadata as it was before.
      pending.clear();
      return outdated.length > 0;
    },
  };
}

/** Runs at most one read of each entry at a time. */
function dedupe<T>(pending: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = pending.get(key);
  if (running !== undefined) return running;
  const promise = work().finally(() => {
    if (pending.get(key) === promise) pending.delete(key);
  });
  pending.set(key, promise);
  return promise;
}

/** The version of the metadata; undefined if the organization does not provide it. */
async function readVersion({ read }: MetadataServiceOptions): Promise<string | undefined> {
  const response = await read(versionPath).catch(() => undefined);
  const version = response?.[versionAnnotation];
  return version === undefined ? undefined : String(version);
}

/** The key of an entry in the store; undefined if the caller is not known, since another one must not read the entry. */
async function storeKey(
  { origin, caller }: MetadataServiceOptions,
  key: string,
): Promise<string | undefined> {
  const user = caller === undefined ? 'anyone' : await caller();
  return user === undefined ? undefined : `metadata/${format}/${origin}/${user}/${key}`;
}

async function storeEntry(options: MetadataServiceOptions, key: string, entry: StoredEntry): Promise<void> {
  const name = await storeKey(options, key);
  if (name !== undefined) await options.store.set(name, JSON.stringify(entry));
}

async function loadStoredEntry(
  options: MetadataServiceOptions,
  key: string,
): Promise<StoredEntry | undefined> {
  const name = await storeKey(options, key);
  const row = name === undefined ? undefined : await options.store.get(name);
  try {
    return row && (JSON.parse(row.value) as StoredEntry);
  } catch {
    // An entry that cannot be parsed is read again from the organization.
    return undefined;
  }
}
