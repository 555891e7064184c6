import { ConnectorError, type StateStore } from 'dynamics365-connector';
import type { StateWrites } from './worker-store.ts';

/** A view of the state that keeps its writes to itself, until a poll is committed with all of them. */
export interface BufferedStore extends StateStore {
  readonly writes: StateWrites;
}

/** The view of one poll: it sees what is stored, and over it what it wrote itself. */
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
      // A poll is alone with its state; it only ever asks whether something is there yet.
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
  return new ConnectorError('STORE_FAILED', 'The state of a poll has no versions to compare with.');
}
