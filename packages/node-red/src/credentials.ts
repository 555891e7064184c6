import { createHash } from 'node:crypto';
import {
  type App,
  ConnectorError,
  type JsonObject,
  openVault,
  Secret,
  type StateStore,
  type Vault,
} from 'dynamics365-connector';
import { storePart } from './store-part.ts';

/** What Node-RED keeps encrypted for a connection, and never gives back to the editor. */
export const credentialTypes: JsonObject = {
  clientSecret: { type: 'password' },
  /** PEM: a certificate and its private key, one after the other. */
  certificate: { type: 'password' },
  /** Base64 of 32 bytes, made by the editor: seals the tokens of whoever signs in. */
  tokenKey: { type: 'password' },
};

/** The credentials as the runtime has them. */
export type Credentials = Readonly<Record<string, string | undefined>>;

/** Who a connection signs in as: the app itself, by secret or certificate, or a person. */
export type SignInKind = 'secret' | 'certificate' | 'user';

/** The app registration, with the one credential that goes with its way to sign in. */
export function appOf(
  clientId: string,
  kind: SignInKind,
  { clientSecret, certificate = '' }: Credentials,
): App {
  if (kind === 'certificate') {
    return { clientId, certificate: { certificate, privateKey: new Secret(certificate) } };
  }
  return clientSecret ? { clientId, secret: new Secret(clientSecret) } : { clientId };
}

/**
 * Where the tokens of a connection's user lie: in our file, sealed with a key that Node-RED keeps. A connection that
 * got another key (it was imported, say) has a new vault: its user signs in again.
 */
export async function openUserVault(
  store: StateStore,
  connection: string,
  { tokenKey }: Credentials,
): Promise<Vault> {
  if (!tokenKey) {
    throw new ConnectorError('CONNECTION_INVALID', 'The connection has no key to seal tokens with.', {
      advice: 'Open the connection in the editor, press Update, and deploy.',
    });
  }
  const mark = createHash('sha256').update(tokenKey).digest('hex').slice(0, 16);
  const part = storePart(store, `node-red/${connection}/tokens/${mark}/`);
  return await openVault({ store: part, keys: { load: async () => new Secret(`${mark}:${tokenKey}`) } });
}
