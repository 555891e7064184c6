import type { StateStore } from '../model/runtime-services.ts';

/**
 * A part of a store that is a store itself: `prefix` is put before each key.
 *
 * @example createPrefixedStore(store, 'tenant-1/').get('a') // reads "tenant-1/a"
 */
export function createPrefixedStore(store: StateStore, prefix: string): StateStore {
  return {
    get: (key) => store.get(prefix + key),
    set: (key, value) => store.set(prefix + key, value),
    replace: (key, value, expected) => store.replace(prefix + key, value, expected),
    delete: (key) => store.delete(prefix + key),
    async keys(start) {
      return (await store.keys(prefix + start)).map((key) => key.slice(prefix.length));
    },
  };
}
