import type { StateStore } from 'dynamics365-connector';
import { ConnectorError, createMemoryStore } from 'dynamics365-connector/host';

/** What a store holds, as n8n keeps it with the workflow: keys and values. */
export type StateEntries = readonly (readonly [key: string, value: string])[];

/** Characters that a trigger may keep; n8n writes all of it to its database with each event. */
const maxStateCharacters = 16 * 1024 * 1024;

/** A store that begins with what was kept. */
export async function openStateStore(rows: StateEntries): Promise<StateStore> {
  const store = createMemoryStore();
  for (const [key, value] of rows) await store.set(key, value);
  return store;
}

/** All that a store holds, to be kept; STORE_FAILED where that is more than n8n should carry. */
export async function toStateEntries(store: StateStore): Promise<StateEntries> {
  const keys = await store.keys('');
  const rows = await Promise.all(keys.map(async (key) => [key, (await store.get(key))!.value] as const));
  const size = rows.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size <= maxStateCharacters) return rows;
  throw new ConnectorError('STORE_FAILED', 'The trigger would have to keep more than 16 MiB in n8n.', {
    advice:
      'Narrow the trigger with filters, or use the worker of dynamics365-connector for tables of this size.',
  });
}
