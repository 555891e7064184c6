import { ConnectorError, type StateStore } from 'dynamics365-connector';
import type { StateWrites } from './worker-store.ts';

/** A store that collects writes instead of writing. */
export interface BufferedStore extends StateStore {
  readonly writes: StateWrites;
}

/** Creates the store of one poll. Reads return the buffered writes, then the stored values. */
export function createBufferedStore(stored: Pick<StateStore, 'get' | 'keys'>): BufferedStore {
  const writes = new Map<string, string | undefined>();
  const get = async (key: string) => {
    if (!writes.has(key)) return stored.get(key);
    const value = writes.get(key);
    return value === undefined ? undefined : { value, version: 0 };
  };
  return {
    writes,
    get,
    async set(key, value) {
      writes.set(key, value);
    },
    async replace(key, value, expected) {
      // No other process writes the state of a poll, so a poll only ever creates entries that do not exist.
      if (expected !== undefined) throw versionedReplaceUnsupported();
      if ((await get(key)) !== undefined) return false;
      writes.set(key, value);
      return true;
    },
    async delete(key) {
      writes.set(key, undefined);
    },
    async keys(prefix) {
      const keys = new Set(await stored.keys(prefix));
      for (const [key, value] of writes) {
        if (!key.startsWith(prefix)) continue;
        if (value === undefined) keys.delete(key);
        else keys.add(key);
      }
      return [...keys].sort();
    },
  };
}

function versionedReplaceUnsupported(): ConnectorError {
  return new ConnectorError('STORE_FAILED', 'The state of a poll cannot be replaced by version.');
}
