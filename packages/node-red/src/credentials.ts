import { createHash } from 'node:crypto';
import {
  type ClientApplication,
  ConnectorError,
  type JsonObject,
  openVault,
  Secret,
  type StateStore,
  type Vault,
} from 'dynamics365-connector';
import { createPrefixedStore } from './prefixed-store.ts';

/** What Node-RED keeps encrypted for a connection, and never gives back to the editor. */
export const credentialDefinitions: JsonObject = {
  clientSecret: { type: 'password' },
  /** PEM: a certificate and its private key, one after the other. */
  certificate: { type: 'password' },
  /** Base64 of 32 bytes, made by the editor: seals the tokens of whoever signs in. */
  tokenKey: { type: 'password' },
};

/** The credentials as the runtime has them. */
export type NodeCredentials = Readonly<Record<string, string | undefined>>;

/** Who a connection signs in as: the app itself, by secret or certificate, or a person. */
export type SignInKind = 'secret' | 'certificate' | 'user';

/** The app registration, with the one credential that goes with its way to sign in. */
export function appFromCredentials(
  clientId: string,
  kind: SignInKind,
  { clientSecret, certificate = '' }: NodeCredentials,
): ClientApplication {
  if (kind === 'certificate') {
    return { clientId, certificate: { certificate, privateKey: new Secret(certificate) } };
  }
  return clientSecret ? { clientId, clientSecret: new Secret(clientSecret) } : { clientId };
}

/**
 * Where the tokens of a connection's user lie: in our file, sealed with a key that Node-RED keeps. A connection that
 * got another key (it was imported, say) has a new vault: its user signs in again.
 */
export async function openUserVault(
  store: StateStore,
  connection: string,
  { tokenKey }: NodeCredentials,
): Promise<Vault> {
  if (!tokenKey) {
    throw new ConnectorError('CONNECTION_INVALID', 'The connection has no key to seal tokens with.', {
      advice: 'Open the connection in the editor, press Update, and deploy.',
    });
  }
  const keyId = createHash('sha256').update(tokenKey).digest('hex').slice(0, 16);
  const tokenStore = createPrefixedStore(store, `node-red/${connection}/tokens/${keyId}/`);
  return await openVault({
    store: tokenStore,
    keys: { load: async () => new Secret(`${keyId}:${tokenKey}`) },
  });
}
