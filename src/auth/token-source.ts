import type { TokenSource } from '../model/token.ts';
import type { World } from '../model/world.ts';
import type { App } from './app.ts';
import type { Authority } from './authority.ts';
import { createClientTokens } from './client-credentials.ts';
import { type BringToken, createHostTokens } from './host-tokens.ts';
import { createOAuth } from './oauth.ts';
import { createStoredTokens } from './stored-tokens.ts';
import type { Vault } from './vault.ts';

/**
 * What a connection signs in with: `app` as the app itself (client credentials), `user` with the sign-in that
 * the vault keeps under the connection's name, `host` with tokens that the host brings.
 */
export type Credential =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'user'; readonly app: App; readonly vault: Vault; readonly connection: string }
  | { readonly kind: 'host'; readonly bring: BringToken };

/**
 * The TokenSource of a credential. `authority` (see `findAuthority`) is asked for when the first token is, so
 * making a source sends nothing. `scopes` are the grant's, rendered for the environment.
 */
export function createTokenSource(
  credential: Credential,
  options: {
    readonly authority: () => Promise<Authority>;
    readonly scopes: readonly string[];
    readonly world: Pick<World, 'send' | 'clock' | 'uuid'>;
  },
): TokenSource {
  const { world, scopes } = options;
  const { send, clock, uuid } = world;
  if (credential.kind === 'host') return createHostTokens({ bring: credential.bring, clock });

  let opened: Promise<TokenSource> | undefined;
  const open = async (): Promise<TokenSource> => {
    const oauth = createOAuth({ authority: await options.authority(), app: credential.app, send, clock });
    if (credential.kind === 'app') return createClientTokens({ oauth, scopes, clock });
    const { vault, connection } = credential;
    return createStoredTokens({ oauth, scopes, vault, connection, clock, uuid });
  };
  return {
    async get(request) {
      opened ??= open().catch((error: unknown) => {
        // The authority could not be found this time; the next call looks again.
        opened = undefined;
        throw error;
      });
      return (await opened).get(request);
    },
  };
}
