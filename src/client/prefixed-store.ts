import type { StateStore } from '../model/runtime-services.ts';
import { guardStore } from '../validation/guard-store.ts';

/**
 * A part of a store that is a store itself: `prefix` is put before each key.
 *
 * @example createPrefixedStore(store, 'tenant-1/').get('a') // reads "tenant-1/a"
 */
export function createPrefixedStore(store: StateStore, prefix: string): StateStore {
  const unprefixed = (key: string) => key.slice(prefix.length);
  return guardStore({
    get: (key) => store.get(prefix + key),
    async getMany(keys) {
      const found = await store.getMany(keys.map((key) => prefix + key));
      return new Map([...found].map(([key, entry]) => [unprefixed(key), entry]));
    },
    set: (key, value) => store.set(prefix + key, value),
    replace: (key, value, expected) => store.replace(prefix + key, value, expected),
    writeMany: (writes, expected) =>
      store.writeMany(
        new Map([...writes].map(([key, value]) => [prefix + key, value])),
        expected && { ...expected, key: prefix + expected.key },
      ),
    delete: (key) => store.delete(prefix + key),
    async keys(start) {
      return (await store.keys(prefix + start)).map(unprefixed);
    },
    async list(start, { after, maxCount }) {
      const listed = await store.list(prefix + start, { after: prefix + after, maxCount });
      return listed.map(({ key, ...entry }) => ({ key: unprefixed(key), ...entry }));
    },
  });
}
