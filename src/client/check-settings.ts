import { parseEnvironment } from '../auth/environment.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { EnvironmentSettings } from './open-token-source.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/** The settings of a connection, checked: the environment it speaks to, and the settings with its origin. */
export function checkSettings(
  { definition, validator }: Pick<Runtime, 'definition' | 'validator'>,
  input: object,
  options: ConnectOptions = {},
): EnvironmentSettings {
  const settings = copySettings(input);
  const environment = parseEnvironment(toAddress(settings.orgUrl), options);
  const normalized = { ...settings, orgUrl: environment.origin };
  const issues = validator.issues(definition.connection, normalized);
  const [first] = issues;
  if (first !== undefined) {
    throw new ConnectorError(
      'CONNECTION_INVALID',
      `The connection’s ${first.path.slice(1) || 'settings'} ${first.message}`,
      {
        issues,
        advice: 'Correct the settings of the connection.',
      },
    );
  }
  return { environment, settings: normalized };
}

/** What a host without types may hand in: nothing at all, or an object that throws when it is read. */
function copySettings(settings: object): JsonObject {
  try {
    return { ...settings };
  } catch {
    throw new ConnectorError('CONNECTION_INVALID', 'The settings of the connection cannot be read.');
  }
}

/** Programs without types may hand in a URL object, or anything else. */
function toAddress(orgUrl: unknown): string {
  try {
    return typeof orgUrl === 'string' || orgUrl instanceof URL ? String(orgUrl) : '';
  } catch {
    return '';
  }
}
