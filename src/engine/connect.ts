import { type Environment, parseEnvironment } from '../auth/environment.ts';
import type { Credential } from '../auth/token-source.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { createExchange } from '../http/create-exchange.ts';
import { assertSameOrigin } from '../http/guard.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from './connection.ts';
import { openTokens } from './open-tokens.ts';
import { renderTemplate } from './render.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/** The settings of a connection, checked: the environment it speaks to, and the settings with its origin. */
export function checkSettings(
  { definition, validator }: Pick<Runtime, 'definition' | 'validator'>,
  settings: JsonObject,
  options: ConnectOptions = {},
): { readonly environment: Environment; readonly settings: JsonObject } {
  const environment = parseEnvironment(String(settings.orgUrl ?? ''), options);
  const normal = { ...settings, orgUrl: environment.origin };
  const issues = validator.issues(definition.connection, normal);
  if (issues.length > 0) {
    const first = issues[0]!;
    throw new ConnectorError(
      'CONNECTION_INVALID',
      `The connection’s ${first.path.slice(1) || 'settings'} ${first.message}`,
      {
        issues,
        advice: 'Correct the settings of the connection.',
      },
    );
  }
  return { environment, settings: normal };
}

/** Introduces tokens to the pipeline: a connection that calls can be made on. Nothing is sent yet. */
export function openConnection(
  runtime: Runtime,
  settings: JsonObject,
  credential: Credential,
  options: ConnectOptions = {},
): Connection {
  const { definition, world } = runtime;
  const { environment, settings: checked } = checkSettings(runtime, settings, options);
  const baseUrl = renderTemplate(definition.api.baseUrl, { connection: checked })!;
  const { origin } = environment;
  const tokens = openTokens(runtime, { environment, settings: checked, credential }, options);
  const basePath = baseUrl.slice(origin.length);
  return {
    ...runtime,
    settings: checked,
    environment,
    tokens,
    origin,
    baseUrl,
    exchange: createExchange({
      world,
      origin,
      basePath,
      tokens,
      retry: definition.retry,
      timeoutMs: definition.api.timeoutMs,
      rules: definition.errors,
    }),
    guardLink: (link) => assertSameOrigin(origin, basePath, link).href,
    missingColumns: new Set(),
  };
}
