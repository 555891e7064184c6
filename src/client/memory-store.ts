import type { ListedEntry, StateEntry, StateStore } from '../model/runtime-services.ts';
import { guardStore } from '../validation/guard-store.ts';

/** The content of a store, for hosts that save it as a value of their own: keys and values. */
export type StoreContent = readonly (readonly [key: string, value: string])[];

/**
 * A StateStore that lives as long as the process: for tests, and for hosts that keep nothing, or that save its content.
 *
 * @param content What `readStoreContent` has returned.
 */
export function createMemoryStore(content: StoreContent = []): StateStore {
  const entries = new SortedEntries();
  for (const [key, value] of content) entries.set(key, value);
  return guardStore({
    async get(key) {
      return entries.get(key);
    },
    async getMany(keys) {
      const found = new Map<string, StateEntry>();
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry !== undefined) found.set(key, entry);
      }
      return found;
    },
    async set(key, value) {
      entries.set(key, value);
    },
    async replace(key, value, expected) {
      if (entries.get(key)?.version !== expected) return false;
      entries.set(key, value);
      return true;
    },
    async writeMany(writes, expected) {
      if (expected !== undefined && entries.get(expected.key)?.version !== expected.version) return false;
      for (const [key, value] of writes) {
        if (value === undefined) entries.delete(key);
        else entries.set(key, value);
      }
      return true;
    },
    async delete(key) {
      entries.delete(key);
    },
    async keys(prefix) {
      return entries.range(prefix, '', Number.POSITIVE_INFINITY).map(({ key }) => key);
    },
    async list(prefix, { after, maxCount }) {
      return entries.range(prefix, after, maxCount);
    },
  });
}

/** All keys and values of a store. */
export async function readStoreContent(store: StateStore): Promise<StoreContent> {
  const entries = await store.getMany(await store.keys(''));
  return [...entries].map(([key, { value }]) => [key, value]);
}

/** Entries with versions, and their keys in order; the order is made when it is needed. */
class SortedEntries {
  readonly #entries = new Map<string, StateEntry>();
  #sortedKeys: string[] | undefined;
  #version = 0;

  get(key: string): StateEntry | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: string): void {
    if (!this.#entries.has(key)) this.#sortedKeys = undefined;
    this.#entries.set(key, { value, version: ++this.#version });
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) this.#sortedKeys = undefined;
  }

  range(prefix: string, after: string, maxCount: number): readonly ListedEntry[] {
    this.#sortedKeys ??= [...this.#entries.keys()].sort();
    const keys = this.#sortedKeys;
    const listed: ListedEntry[] = [];
    for (
      let index = firstIndex(keys, (key) => key >= prefix && (after === '' || key > after));
      index < keys.length;
      index++
    ) {
      const key = keys[index] ?? '';
      const entry = this.#entries.get(key);
      if (!key.startsWith(prefix) || entry === undefined || listed.length >= maxCount) break;
      listed.push({ key, ...entry });
    }
    return listed;
  }
}

/** The index of the first key for which `isAfter` holds: it holds for all keys from there on. */
function firstIndex(keys: readonly string[], isAfter: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAfter(keys[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}
