import type { ClientApplication } from '../auth/client-application.ts';
import type { Vault } from '../auth/vault.ts';

/** Whose sign-in it is, and where it is kept: the same three make the credential `{ kind: 'user', ... }`. */
export interface UserConnection {
  readonly app: ClientApplication;
  readonly vault: Vault;
  /** The connection's name in the vault. */
  readonly connection: string;
}
