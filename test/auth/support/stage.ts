import { authorityOf } from '../../../src/auth/authority.ts';
import { createSignIn } from '../../../src/auth/authorization-code.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import { Secret } from '../../../src/model/secret.ts';
import { clientId, createAuthority, origin, scopes, tenantId } from './authority.ts';
import { createManualClock } from './manual-clock.ts';

export const redirectUri = 'https://host.example/callback';
export const environment = parseEnvironment(origin);

/** An app and an authority that know each other, a store and a clock. */
export function createStage(options: { readonly tenant?: string; readonly secret?: string } = {}) {
  const authority = createAuthority();
  const clock = createManualClock();
  const store = createMemoryStore();
  const app = { clientId, secret: new Secret(options.secret ?? 'the-secret-of-the-app') };
  const oauth = createOAuth({
    authority: authorityOf(environment, options.tenant ?? tenantId),
    app,
    send: authority.send,
    clock,
  });
  return { authority, clock, store, app, oauth, signIn: createSignIn({ oauth, scopes, store, clock }) };
}
