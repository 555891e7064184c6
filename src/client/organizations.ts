import { listOrganizations, type Organization } from '../auth/organization-discovery.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { checkSettings } from './check-settings.ts';
import { resolveUserConnection, type UserConnection } from './credential.ts';
import { findSignInAuthority, scopesForGrant } from './open-token-source.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { discoverySettings } from './sign-in-settings.ts';

/** The organizations that a signed-in user may enter, asked for with the sign-in that the vault keeps. */
export async function listUserOrganizations(
  runtime: Runtime,
  settings: JsonObject,
  user: UserConnection,
  options: ConnectOptions = {},
): Promise<readonly Organization[]> {
  const { app, vault, connection } = resolveUserConnection(user);
  const { send, clock, uuid } = runtime.services;
  const { environment, settings: requested } = discoverySettings(
    withCloud(runtime, settings, options),
    options,
  );
  const { fetchTokenForOtherResource, readAccount } = await import('../auth/stored-token-source.ts');
  const tenant = requested.tenant ?? (await readAccount(vault, connection))?.tenantId;
  const withTenant = omitUndefined({ ...requested, tenant });
  const authority = await findSignInAuthority(runtime, { environment, settings: withTenant }, options);
  const scopes = scopesForGrant(runtime.definition, 'authorization_code', environment);
  const { createOAuthClient } = await import('../auth/create-oauth-client.ts');
  const oauth = createOAuthClient({ authority, app, send, clock });
  const token = await fetchTokenForOtherResource({ oauth, scopes, vault, connection, clock, uuid });
  const allowLoopback = environment.cloud === 'local';
  return listOrganizations({ discovery: environment.origin, token, send, clock, allowLoopback });
}

/** The organizations asked about are those of the cloud that the environment is in. */
function withCloud(runtime: Runtime, settings: JsonObject, options: ConnectOptions): JsonObject {
  if (settings.orgUrl === undefined) return settings;
  return { ...settings, cloud: checkSettings(runtime, settings, options).environment.cloud };
}
