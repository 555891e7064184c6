import type { App, Directory } from './directory.ts';
import type { Context, Provider } from './library.ts';
import { OPENID_SCOPES, scopesOf } from './scopes.ts';

/** What consents are looked up in. */
export interface ConsentOptions {
  readonly directory: Directory;
  readonly origins: ReadonlySet<string>;
}

/** The consent that a sign-in goes on with: just given, or given earlier; none makes the consent page appear. */
export async function existingGrant(provider: Provider, options: ConsentOptions, ctx: Context) {
  const fresh = ctx.oidc.result?.consent?.grantId;
  if (fresh) return provider.Grant.find(fresh);
  const app = options.directory.apps.get(ctx.oidc.client?.clientId ?? '');
  const userId = ctx.oidc.account?.accountId;
  if (!app || !userId || !options.directory.hasConsent(app, userId)) return undefined;
  const grant = makeGrant(provider, { app, userId, origins: options.origins });
  await grant.save();
  return grant;
}

/** A consent to everything that an app may ask of a user. Not saved. */
export function makeGrant(
  provider: Provider,
  who: { readonly app: App; readonly userId: string; readonly origins: ReadonlySet<string> },
) {
  const grant = new provider.Grant({ accountId: who.userId, clientId: who.app.clientId });
  grant.addOIDCScope(OPENID_SCOPES.join(' '));
  for (const origin of who.origins) grant.addResourceScope(origin, scopesOf(origin));
  return grant;
}
