import type { StateStore } from '../../src/model/runtime-services.ts';

/** Where the process dies. */
export type CrashPoint = 'read' | 'write' | 'after-write';

/** An error that stands for the end of the process. */
export class ProcessCrash extends Error {}

/** A store that ends the process at a given call of a given kind; `arm` sets it for the next calls. */
export interface FailingStore extends StateStore {
  /** The process dies at the `countdown`-th call of this kind; undefined: it does not. */
  arm(crash: { readonly point: CrashPoint; readonly countdown: number } | undefined): void;
}

export function createFailingStore(store: StateStore): FailingStore {
  let armed: { point: CrashPoint; countdown: number } | undefined;
  const pass = (point: CrashPoint) => {
    if (armed?.point !== point || --armed.countdown > 0) return;
    armed = undefined;
    throw new ProcessCrash(point);
  };
  return {
    ...store,
    arm(crash) {
      armed = crash && { ...crash };
    },
    async get(key) {
      pass('read');
      return await store.get(key);
    },
    async getMany(keys) {
      pass('read');
      return await store.getMany(keys);
    },
    async list(prefix, range) {
      pass('read');
      return await store.list(prefix, range);
    },
    async writeMany(writes, expected) {
      pass('write');
      const isWritten = await store.writeMany(writes, expected);
      pass('after-write');
      return isWritten;
    },
  };
}
