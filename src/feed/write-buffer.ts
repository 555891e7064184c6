import type { ExpectedVersion, StateEntry, StateStore } from '../model/runtime-services.ts';

/** Collects the writes of one step, so that the store writes all of them or none. Reads see the collected writes. */
export class WriteBuffer {
  readonly #store: StateStore;
  readonly #writes = new Map<string, string | undefined>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#writes.has(key) ? this.#writes.get(key) : (await this.#store.get(key))?.value;
  }

  /** The stored entries of these keys, without the collected writes. */
  async getStored(keys: readonly string[]): Promise<ReadonlyMap<string, StateEntry>> {
    return keys.length === 0 ? new Map() : await this.#store.getMany(keys);
  }

  set(key: string, value: string): void {
    this.#writes.set(key, value);
  }

  delete(key: string): void {
    this.#writes.set(key, undefined);
  }

  get isEmpty(): boolean {
    return this.#writes.size === 0;
  }

  /** Writes everything. Returns false, and writes nothing, if the version is not the expected one. */
  async commit(expected?: ExpectedVersion): Promise<boolean> {
    return await this.#store.writeMany(this.#writes, expected);
  }
}
