import type { StateStore } from '../model/runtime-services.ts';

/** A StateStore that lives as long as the process: for tests, and for hosts that keep nothing. */
export function createMemoryStore(): StateStore {
  const entries = new Map<string, { readonly value: string; readonly version: number }>();
  let version = 0;
  const put = (key: string, value: string) => void entries.set(key, { value, version: ++version });
  return {
    async get(key) {
      return entries.get(key);
    },
    async set(key, value) {
      put(key, value);
    },
    async replace(key, value, expected) {
      if (entries.get(key)?.version !== expected) return false;
      put(key, value);
      return true;
    },
    async delete(key) {
      entries.delete(key);
    },
    async keys(prefix) {
      return [...entries.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
}
