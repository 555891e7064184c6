import type { StateStore } from 'dynamics365-connector';
import { ConnectorError, createMemoryStore } from 'dynamics365-connector/host';

/** The content of a store as n8n saves it with the workflow: keys and values. */
export type StateEntries = readonly (readonly [key: string, value: string])[];

/** Limit of the saved state; n8n writes all of it to its database with each event. */
const maxStateCharacters = 16 * 1024 * 1024;

/** Opens a memory store with the saved entries. */
export async function openStateStore(entries: StateEntries): Promise<StateStore> {
  const store = createMemoryStore();
  for (const [key, value] of entries) await store.set(key, value);
  return store;
}

/** All entries of a store; STORE_FAILED if they exceed 16 MiB. */
export async function toStateEntries(store: StateStore): Promise<StateEntries> {
  const keys = await store.keys('');
  const entries = await Promise.all(
    keys.map(async (key) => [key, (await store.get(key))?.value ?? ''] as const),
  );
  const size = entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size <= maxStateCharacters) return entries;
  throw new ConnectorError('STORE_FAILED', 'The state of the trigger exceeds 16 MiB, the limit for n8n.', {
    advice:
      'Narrow the trigger with filters, or use the package dynamics365-connector-worker for tables of this size.',
  });
}
