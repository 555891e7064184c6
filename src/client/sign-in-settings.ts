import { resolveDiscoveryEnvironment } from '../auth/discovery-environment.ts';
import type { JsonObject } from '../model/json.ts';
import { checkSettings } from './check-settings.ts';
import type { EnvironmentSettings } from './open-token-source.ts';
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

/** The discovery service of a cloud, with the settings of a sign-in to it. */
export function discoverySettings(
  settings: JsonObject,
  { localDiscovery }: ConnectOptions,
): EnvironmentSettings {
  const { cloud } = settings;
  const environment = resolveDiscoveryEnvironment({
    cloud: typeof cloud === 'string' ? cloud : undefined,
    local: localDiscovery,
  });
  return { environment, settings };
}
