import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import {
  type OrganizationStoreOptions,
  openOrganizationStore,
} from '../../src/store/open-organization-store.ts';
import type { OrganizationStore } from '../../src/store/types.ts';

/** Opens a store in memory that has the first rows. */
export type OpenSeededStore = (options: Pick<OrganizationStoreOptions, 'now'>) => OrganizationStore;

/**
 * Creates a function that opens stores with the rows that `seed` adds. It adds them once in each process, because the
 * tables and rows of an organization take longer to create than most tests; the stores are copies.
 */
export function createStoreCopies(seed: (store: OrganizationStore) => void): OpenSeededStore {
  let content: Uint8Array | undefined;
  // New rows come after the copied ones in the order of ids, which have the same end in a store.
  const idSource = randomUUID();
  return ({ now }) => {
    const connection = new DatabaseSync(':memory:');
    const options = { now, connection, newId: () => idSource };
    if (content !== undefined) {
      connection.deserialize(content);
      return openOrganizationStore(options);
    }
    const store = openOrganizationStore(options);
    seed(store);
    // Node.js 22 has no `serialize`.
    content = connection.serialize?.();
    return store;
  };
}
