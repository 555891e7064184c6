import { getAuthority } from '../../../src/auth/authority.ts';
import { createAuthorizationCodeSignIn } from '../../../src/auth/authorization-code.ts';
import { createOAuthClient } from '../../../src/auth/create-oauth-client.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createManualClock } from './manual-clock.ts';
import { clientId, createScriptedAuthority, origin, scopes, tenantId } from './scripted-authority.ts';

export const redirectUri = 'https://host.example/callback';
export const environment = parseEnvironment(origin);

/** An OAuth client of an app with a scripted authority, a store and a clock. */
export function createAuthFixture(options: { readonly tenant?: string; readonly secret?: string } = {}) {
  const authority = createScriptedAuthority();
  const clock = createManualClock();
  const store = createMemoryStore();
  const app = { clientId, clientSecret: new Secret(options.secret ?? 'the-secret-of-the-app') };
  const oauth = createOAuthClient({
    authority: getAuthority(environment, options.tenant ?? tenantId),
    app,
    send: authority.send,
    clock,
  });
  return {
    authority,
    clock,
    store,
    app,
    oauth,
    signIn: createAuthorizationCodeSignIn({ oauth, scopes, store, clock }),
  };
}
