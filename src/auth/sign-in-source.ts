import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { createAppTokenSource } from './app-token-source.ts';
import type { Authority } from './authority.ts';
import { createOAuthClient } from './create-oauth-client.ts';
import { createOnBehalfOfTokenSource } from './on-behalf-of-token-source.ts';
import type { ResolvedCredential } from './resolved-credential.ts';
import { createStoredTokenSource } from './stored-token-source.ts';

/** Creates the TokenSource of a credential whose tokens an authority issues. */
export function createSignInSource(
  credential: Exclude<ResolvedCredential, { readonly kind: 'host' }>,
  options: {
    readonly authority: Authority;
    readonly scopes: readonly string[];
    readonly services: Pick<RuntimeServices, 'send' | 'clock' | 'uuid'>;
  },
): TokenSource {
  const { authority, scopes, services } = options;
  const { send, clock, uuid } = services;
  const oauth = createOAuthClient({ authority, app: credential.app, send, clock });
  if (credential.kind === 'app') return createAppTokenSource({ oauth, scopes, clock });
  if (credential.kind === 'on-behalf-of') {
    const { userToken } = credential;
    return createOnBehalfOfTokenSource({ oauth, userToken, scopes, clock });
  }
  const { vault, connection } = credential;
  return createStoredTokenSource({ oauth, scopes, vault, connection, clock, uuid });
}
