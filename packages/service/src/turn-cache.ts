/** Reads of a store that requests share while they are handled in the same turn of the event loop. */
export interface TurnCache<T> {
  read(key: string): Promise<T>;
  /** The next read asks the store: this process has changed what it holds. */
  clear(): void;
}

/**
 * Creates a cache that is empty again at the end of each turn. A request that arrives after a change was answered, also by
 * another process, is handled in a later turn and sees the change; many requests at the same time read once.
 */
export function createTurnCache<T>(load: (key: string) => Promise<T>): TurnCache<T> {
  const known = new Map<string, Promise<T>>();
  const clear = () => known.clear();
  return {
    clear,
    read(key) {
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size === 0) setImmediate(clear);
      const loading = load(key);
      known.set(key, loading);
      return loading;
    },
  };
}
