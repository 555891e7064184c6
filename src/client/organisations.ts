import { discoveryEnvironment, listOrganisations, type Organisation } from '../auth/discovery.ts';
import { createOAuth } from '../auth/oauth.ts';
import { fetchOtherToken, readAccount } from '../auth/stored-tokens.ts';
import type { JsonObject } from '../model/json.ts';
import { authorityOf, type Site, scopesOf } from './open-tokens.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { checkSettings } from './settings.ts';
import type { UserConnection } from './user-connection.ts';

/**
 * Where a user signs in: the environment of the settings, or, while no `orgUrl` is known, the discovery service
 * of `settings.cloud` (`commercial` unless told).
 */
export function signInSite(
  runtime: Pick<Runtime, 'definition' | 'validator'>,
  settings: JsonObject,
  options: ConnectOptions = {},
): Site {
  return settings.orgUrl === undefined
    ? discoverySite(settings, options)
    : checkSettings(runtime, settings, options);
}

/** The organisations that a signed-in user may enter, asked for with the sign-in that the vault keeps. */
export async function listUserOrganisations(
  runtime: Runtime,
  settings: JsonObject,
  { app, vault, connection }: UserConnection,
  options: ConnectOptions = {},
): Promise<readonly Organisation[]> {
  const { send, clock, uuid } = runtime.world;
  const { environment, settings: wanted } = discoverySite(cloudSettings(runtime, settings, options), options);
  const tenant = wanted.tenant ?? (await readAccount(vault, connection))?.tenantId;
  const known = { ...wanted, ...(tenant === undefined ? {} : { tenant }) };
  const authority = await authorityOf(runtime, { environment, settings: known }, options);
  const scopes = scopesOf(runtime.definition, 'authorization_code', environment);
  const oauth = createOAuth({ authority, app, send, clock });
  const token = await fetchOtherToken({ oauth, scopes, vault, connection, clock, uuid });
  const allowLoopback = environment.cloud === 'local';
  return listOrganisations({ discovery: environment.origin, token, send, clock, allowLoopback });
}

function discoverySite(settings: JsonObject, { localDiscovery }: ConnectOptions): Site {
  const { cloud } = settings;
  const environment = discoveryEnvironment({
    ...(typeof cloud === 'string' ? { cloud } : {}),
    ...(localDiscovery === undefined ? {} : { local: localDiscovery }),
  });
  return { environment, settings };
}

/** The organisations asked about are those of the cloud that the environment is in. */
function cloudSettings(runtime: Runtime, settings: JsonObject, options: ConnectOptions): JsonObject {
  if (settings.orgUrl === undefined) return settings;
  return { ...settings, cloud: checkSettings(runtime, settings, options).environment.cloud };
}
