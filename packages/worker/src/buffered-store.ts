import { ConnectorError, type StateEntry, type StateStore, type StateWrites } from 'dynamics365-connector';

/** A store that collects writes instead of writing. */
export interface BufferedStore extends StateStore {
  readonly writes: StateWrites;
}

/** The part of the store that a poll reads. */
export type StoredState = Pick<StateStore, 'get' | 'getMany' | 'keys' | 'list'>;

type Writes = Map<string, string | undefined>;

/** Creates the store of one poll. Reads return the buffered writes, then the stored values. */
export function createBufferedStore(stored: StoredState): BufferedStore {
  const writes: Writes = new Map();
  const reads = createBufferedReads(stored, writes);
  return {
    ...reads,
    writes,
    async set(key, value) {
      writes.set(key, value);
    },
    async replace(key, value, expected) {
      // No other process writes the state of a poll, so a poll only ever creates entries that do not exist.
      if (expected !== undefined) throw versionedReplaceUnsupported();
      if ((await reads.get(key)) !== undefined) return false;
      writes.set(key, value);
      return true;
    },
    // The commit of the poll is atomic, and the claim keeps other workers from writing the same keys meanwhile.
    async writeMany(batch, expected) {
      if (expected !== undefined && (await reads.get(expected.key))?.version !== expected.version)
        return false;
      for (const [key, value] of batch) writes.set(key, value);
      return true;
    },
    async delete(key) {
      writes.set(key, undefined);
    },
  };
}

function createBufferedReads(stored: StoredState, writes: Writes): StoredState {
  const getMany = async (keys: readonly string[]) => {
    const missing = keys.filter((key) => !writes.has(key));
    const entries = new Map<string, StateEntry>(missing.length === 0 ? [] : await stored.getMany(missing));
    for (const key of keys) {
      const value = writes.get(key);
      if (value !== undefined) entries.set(key, { value, version: 0 });
    }
    return entries;
  };
  return {
    async get(key) {
      if (!writes.has(key)) return stored.get(key);
      return (await getMany([key])).get(key);
    },
    getMany,
    async keys(prefix) {
      const keys = new Set(await stored.keys(prefix));
      for (const [key, value] of writes) {
        if (!key.startsWith(prefix)) continue;
        if (value === undefined) keys.delete(key);
        else keys.add(key);
      }
      return [...keys].sort();
    },
    async list(prefix, { after, maxCount }) {
      const own = [...writes].filter(([key]) => key.startsWith(prefix) && key > after);
      // Each buffered write can hide one stored entry.
      const listed = await stored.list(prefix, { after, maxCount: maxCount + own.length });
      const entries = new Map<string, StateEntry>(listed.map(({ key, ...entry }) => [key, entry]));
      for (const [key, value] of own) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, { value, version: 0 });
      }
      const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
      return sorted.slice(0, maxCount).map(([key, entry]) => ({ key, ...entry }));
    },
  };
}

function versionedReplaceUnsupported(): ConnectorError {
  return new ConnectorError('STORE_FAILED', 'The state of a poll cannot be replaced by version.');
}
