import { randomBytes } from 'node:crypto';
import { type Clock, ConnectorError, Secret, type StateStore, type Vault } from 'dynamics365-connector';

const markKey = 'service/push-secret';
const secretName = { connection: 'service-push', field: 'secret' };
const waitMs = 100;
const maxWaits = 50;

/**
 * The secret from which the keys of webhooks of organizations are derived. It is made once, and all processes that share
 * the vault have the same one.
 */
export async function openPushSecret({
  store,
  vault,
  clock,
}: {
  readonly store: StateStore;
  readonly vault: Vault;
  readonly clock: Clock;
}): Promise<Secret> {
  const read = async () => (await vault.read(secretName))?.secret;
  const known = await read();
  if (known !== undefined) return known;
  // One process makes it, the others wait for it.
  if (await store.replace(markKey, 'made', undefined))
    await vault.write(secretName, new Secret(randomBytes(32).toString('base64')));
  for (let count = 0; count < maxWaits; count++) {
    const made = await read();
    if (made !== undefined) return made;
    await clock.sleep(waitMs);
  }
  throw new ConnectorError('STORE_FAILED', 'The secret of webhooks of organizations was not stored.', {
    advice: `Delete the key ${markKey} of the store, and start the service again.`,
  });
}
