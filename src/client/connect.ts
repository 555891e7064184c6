import type { Credential } from '../auth/token-source.ts';
import type { WhoAmI } from '../auth/who-am-i.ts';
import { createExchange } from '../http/create-exchange.ts';
import { assertSameOrigin } from '../http/guard.ts';
import type { JsonObject } from '../model/json.ts';
import { createChecker } from '../query/check-query.ts';
import { checkClient } from '../run/check-client.ts';
import type { Connection } from '../run/connection.ts';
import { carryLongReads } from '../run/long-reads.ts';
import { readMetadataOf } from '../run/read-metadata.ts';
import { renderTemplate } from '../run/render.ts';
import { openTokens } from './open-tokens.ts';
import { listUserOrganisations } from './organisations.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';
import { checkSettings } from './settings.ts';

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
  const sender = createExchange({
    world,
    origin,
    basePath,
    tokens,
    findLimiter: runtime.limiters.forConnection(origin, tokens),
    retry: definition.retry,
    timeoutMs: definition.api.timeoutMs,
    rules: definition.errors,
  });
  const exchange = carryLongReads({ baseUrl, definition, world, exchange: sender });
  let whoAmI: Promise<WhoAmI> | undefined;
  const connection: Connection = {
    ...runtime,
    settings: checked,
    environment,
    tokens,
    ...(credential.kind === 'user'
      ? { organisations: () => listUserOrganisations(runtime, checked, credential, options) }
      : {}),
    origin,
    baseUrl,
    exchange,
    checker: createChecker(definition, readMetadataOf({ world, origin, baseUrl, exchange })),
    guardLink: (link) => assertSameOrigin(origin, basePath, link).href,
    missingColumns: new Set(),
    selects: new Map(),
    whoAmI() {
      whoAmI ??= checkClient(connection).catch((error: unknown) => {
        // It could not be asked this time; the next call asks again.
        whoAmI = undefined;
        throw error;
      });
      return whoAmI;
    },
  };
  return connection;
}
