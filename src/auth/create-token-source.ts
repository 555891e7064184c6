import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import type { Authority } from './authority.ts';
import { createHostTokenSource } from './host-token-source.ts';
import type { ResolvedCredential } from './resolved-credential.ts';

/**
 * Creates the TokenSource of a credential. `authority` (see `findAuthority`) is called with the first token request, so
 * that creating a source sends nothing. `scopes` are the scopes of the grant for the environment. The code of a sign-in is
 * loaded then, too: a host that provides tokens needs none.
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
  if (credential.kind === 'host')
    return createHostTokenSource({ getToken: credential.getToken, clock: services.clock });

  let opened: Promise<TokenSource> | undefined;
  let source: TokenSource | undefined;
  const open = async (): Promise<TokenSource> => {
    source = await openSource();
    return source;
  };
  const openSource = async (): Promise<TokenSource> => {
    const authority = await options.authority();
    const { createSignInSource } = await import('./sign-in-source.ts');
    return createSignInSource(credential, { authority, scopes, services });
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
