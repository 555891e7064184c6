import { randomBytes } from 'node:crypto';
import { Secret, type Vault } from 'dynamics365-connector';

const secretName = { connection: 'service-push', field: 'secret' };

/**
 * The secret from which the keys of webhooks of organizations are derived. It is made once, and all processes that share
 * the vault have the same one.
 */
export async function openPushSecret(vault: Vault): Promise<Secret> {
  for (;;) {
    const known = await vault.read(secretName);
    if (known !== undefined) return known.secret;
    // If another process makes it at the same time, one of them is stored, and both read it.
    const made = new Secret(randomBytes(32).toString('base64'));
    await vault.replace(secretName, { secret: made, note: {} }, undefined);
  }
}
