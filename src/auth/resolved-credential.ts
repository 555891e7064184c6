import type { ResolvedApplication } from './client-application.ts';
import type { GetHostToken } from './host-token-source.ts';
import type { GetUserToken } from './on-behalf-of-token-source.ts';
import type { Vault } from './vault.ts';

/**
 * The credential of a connection. `app`: the app acts as itself (client credentials). `user`: a signed-in user, whose
 * tokens are stored in the vault under the connection's name. `on-behalf-of`: a user who called the host's own API.
 * `host`: the host provides access tokens.
 */
export type ResolvedCredential =
  | { readonly kind: 'app'; readonly app: ResolvedApplication }
  | {
      readonly kind: 'user';
      readonly app: ResolvedApplication;
      readonly vault: Vault;
      readonly connection: string;
    }
  | { readonly kind: 'on-behalf-of'; readonly app: ResolvedApplication; readonly userToken: GetUserToken }
  | { readonly kind: 'host'; readonly getToken: GetHostToken };
