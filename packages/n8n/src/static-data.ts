import type { StateStore } from 'dynamics365-connector';
import { ConnectorError, readStoreContent, type StoreContent } from 'dynamics365-connector/host';

/** Limit of the saved state; n8n writes all of it to its database with each event. */
const maxStateCharacters = 16 * 1024 * 1024;

/** The content of a store, which n8n saves with the workflow; STORE_FAILED if it exceeds 16 MiB. */
export async function toStaticData(store: StateStore): Promise<StoreContent> {
  const content = await readStoreContent(store);
  const size = content.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size <= maxStateCharacters) return content;
  throw new ConnectorError('STORE_FAILED', 'The state of the trigger exceeds 16 MiB, the limit for n8n.', {
    advice:
      'Narrow the trigger with filters, or use the package dynamics365-connector-worker for tables of this size.',
  });
}
