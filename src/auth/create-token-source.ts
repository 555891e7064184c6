import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { createAppTokenSource } from './app-token-source.ts';
import type { Authority } from './authority.ts';
import type { ResolvedApplication } from './client-application.ts';
import { createOAuthClient } from './create-oauth-client.ts';
import { createHostTokenSource, type GetHostToken } from './host-token-source.ts';
import { createOnBehalfOfTokenSource, type GetUserToken } from './on-behalf-of-token-source.ts';
import { createStoredTokenSource } from './stored-token-source.ts';
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

/**
 * Creates the TokenSource of a credential. `authority` (see `findAuthority`) is called with the first token request, so
 * that creating a source sends nothing. `scopes` are the scopes of the grant for the environment.
 */
export function createTokenSource(
  credential: ResolvedCredential,
  options: {
    readonly authority: () => Promise<Authority>;
    readonly scopes: readonly string[];
    readonly services: Pick<RuntimeServices, 'send' | 'clock' | 'uuid'>;
  },
): TokenSource {
  const { services, scopes } = options;
  const { send, clock, uuid } = services;
  if (credential.kind === 'host') return createHostTokenSource({ getToken: credential.getToken, clock });

  let opened: Promise<TokenSource> | undefined;
  let source: TokenSource | undefined;
  const open = async (): Promise<TokenSource> => {
    source = await openSource();
    return source;
  };
  const openSource = async (): Promise<TokenSource> => {
    const oauth = createOAuthClient({
      authority: await options.authority(),
      app: credential.app,
      send,
      clock,
    });
    if (credential.kind === 'app') return createAppTokenSource({ oauth, scopes, clock });
    if (credential.kind === 'on-behalf-of') {
      const { userToken } = credential;
      return createOnBehalfOfTokenSource({ oauth, userToken, scopes, clock });
    }
    const { vault, connection } = credential;
    return createStoredTokenSource({ oauth, scopes, vault, connection, clock, uuid });
  };
  return {
    peekToken: (now) => source?.peekToken?.(now),
    async getToken(request) {
      opened ??= open().catch((error: unknown) => {
        // The next call tries to find the authority again.
        opened = undefined;
        throw error;
      });
      return (await opened).getToken(request);
    },
  };
}
