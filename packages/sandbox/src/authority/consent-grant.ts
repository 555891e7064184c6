import type { Directory, SandboxApp } from './directory.ts';
import type { OidcContext, Provider } from './oidc-provider.ts';
import { formatOrganizationScopes, openidScopes } from './scopes.ts';

/** Where consents are looked up. */
export interface ConsentOptions {
  readonly directory: Directory;
  readonly origins: ReadonlySet<string>;
}

/** The grant of a sign-in: a new one, or one for an earlier consent. Undefined when the consent page is needed. */
export async function findExistingGrant(provider: Provider, options: ConsentOptions, ctx: OidcContext) {
  const newGrantId = ctx.oidc.result?.consent?.grantId;
  if (newGrantId) return provider.Grant.find(newGrantId);
  const app = options.directory.apps.get(ctx.oidc.client?.clientId ?? '');
  const userId = ctx.oidc.account?.accountId;
  if (!app || !userId || !options.directory.hasConsent(app, userId)) return undefined;
  const grant = createGrant(provider, { app, userId, origins: options.origins });
  await grant.save();
  return grant;
}

/** Creates a grant for all scopes that an app can request for a user. It is not saved. */
export function createGrant(
  provider: Provider,
  subject: { readonly app: SandboxApp; readonly userId: string; readonly origins: ReadonlySet<string> },
) {
  const grant = new provider.Grant({ accountId: subject.userId, clientId: subject.app.clientId });
  grant.addOIDCScope(openidScopes.join(' '));
  for (const origin of subject.origins) grant.addResourceScope(origin, formatOrganizationScopes(origin));
  return grant;
}
