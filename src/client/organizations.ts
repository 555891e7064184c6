import {
  listOrganizations,
  type Organization,
  resolveDiscoveryEnvironment,
} from '../auth/organization-discovery.ts';
import type { JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { checkSettings } from './check-settings.ts';
import { resolveUserConnection, type UserConnection } from './credential.ts';
import { type EnvironmentSettings, findSignInAuthority, scopesForGrant } from './open-token-source.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/**
 * Where a user signs in: the environment of the settings, or, while no `orgUrl` is known, the discovery service
 * of `settings.cloud` (default `commercial`).
 */
export function signInSettings(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  settings: JsonObject,
  options: ConnectOptions = {},
): EnvironmentSettings {
  return settings.orgUrl === undefined
    ? discoverySettings(settings, options)
    : checkSettings(runtime, settings, options);
}

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

function discoverySettings(settings: JsonObject, { localDiscovery }: ConnectOptions): EnvironmentSettings {
  const { cloud } = settings;
  const environment = resolveDiscoveryEnvironment({
    cloud: typeof cloud === 'string' ? cloud : undefined,
    local: localDiscovery,
  });
  return { environment, settings };
}

/** The organizations asked about are those of the cloud that the environment is in. */
function withCloud(runtime: Runtime, settings: JsonObject, options: ConnectOptions): JsonObject {
  if (settings.orgUrl === undefined) return settings;
  return { ...settings, cloud: checkSettings(runtime, settings, options).environment.cloud };
}
