import { ConnectorError } from '../errors/connector-error.ts';
import type { Pipeline } from '../http/api-request.ts';
import { assertSameOrigin } from '../http/assert-same-origin.ts';
import { createDirectPipeline } from '../http/create-pipeline.ts';
import type { FindLimiter } from '../http/policies/rate-limit.ts';
import { createQueryChecker } from '../query/query-checker.ts';
import { batchLongReads } from '../run/batch-long-reads.ts';
import { checkClient } from '../run/check-client.ts';
import type { Connection, Planner } from '../run/connection.ts';
import { createMetadataSource } from '../run/metadata-source.ts';
import { createWriteMemory } from '../run/own-writes/write-memory.ts';
import { renderTemplate } from '../run/render-template.ts';
import { checkSettings } from './check-settings.ts';
import { type Credential, resolveCredential } from './credential.ts';
import { openTokenSource } from './open-token-source.ts';
import { assertLimits } from './option-rules.ts';
import type { ConnectOptions, Runtime } from './runtime.ts';

/** Introduces tokens to the pipeline: a connection that calls can be made on. Nothing is sent yet. */
export function openConnection(
  runtime: Runtime,
  settings: object,
  credential: Credential,
  options: ConnectOptions = {},
): Connection {
  const planner = openPlanner(runtime, settings, options);
  const { definition, services, environment, settings: checked, origin, baseUrl } = planner;
  const resolved = resolveCredential(credential, `${origin}/.default`);
  const tokens = openTokenSource(runtime, { environment, settings: checked, credential: resolved }, options);
  const findLimiter = runtime.limiters.forConnection(origin, tokens, assertLimits(options.limits));
  const { sender, direct } = openTransport(runtime, { origin, baseUrl, tokens, findLimiter });
  const pipeline = batchLongReads({ baseUrl, definition, services, pipeline: sender });
  const metadata = createMetadataSource({ services, origin, baseUrl, pipeline, tokens });
  const connection: Connection = {
    ...planner,
    tokens,
    organizations:
      resolved.kind === 'user'
        ? async () => {
            const { listUserOrganizations } = await import('./organizations.ts');
            return await listUserOrganizations(runtime, checked, resolved, options);
          }
        : undefined,
    pipeline,
    direct,
    ...toLimiterAccess(findLimiter, () => services.clock.now() + definition.retry.budgetMs),
    queryChecker: createQueryChecker(definition, metadata),
    guardLink: (link) => assertSameOrigin(origin, baseUrl.slice(origin.length), link).href,
    writes: options.rememberWrites === false ? undefined : createWriteMemory({ services, origin, tokens }),
    whoAmI: rememberSuccess(() => checkClient(connection)),
  };
  return connection;
}

/** What plans for an environment are made with. Settings that a connection would refuse are refused here. */
export function openPlanner(runtime: Runtime, settings: object, options: ConnectOptions = {}): Planner {
  const { environment, settings: checked } = checkSettings(runtime, settings, options);
  const { origin } = environment;
  return {
    ...runtime,
    settings: checked,
    environment,
    origin,
    baseUrl: renderBaseUrl(runtime, checked, origin),
    missingColumns: new Set(),
    newRowForms: new Map(),
    selectClauses: new WeakMap(),
  };
}

type TransportSettings = Pick<Connection, 'origin' | 'baseUrl' | 'tokens'> & {
  readonly findLimiter: FindLimiter;
};

/** What sends the requests of a connection; with an audit, no request goes around it. */
function openTransport(
  { definition, services }: Runtime,
  { origin, baseUrl, tokens, findLimiter }: TransportSettings,
): { readonly sender: Pipeline; readonly direct: Connection['direct'] } {
  const transport = createDirectPipeline({
    services,
    origin,
    basePath: baseUrl.slice(origin.length),
    tokens,
    findLimiter,
    retry: definition.retry,
    timeoutMs: definition.api.timeoutMs,
    errorRules: definition.errors,
  });
  const { pipeline } = transport;
  const { audit } = services;
  if (audit === undefined) return { sender: pipeline, direct: transport };
  let audited: Promise<Pipeline> | undefined;
  return {
    async sender(request) {
      audited ??= import('../run/audit-writes.ts').then(({ auditWrites }) =>
        auditWrites({ audit, pipeline, definition, services, origin, tokens }),
      );
      return await (await audited)(request);
    },
    direct: undefined,
  };
}

function toLimiterAccess(
  findLimiter: FindLimiter,
  nextDeadline: () => number,
): Pick<Connection, 'unblock' | 'quota'> {
  return {
    quota: () => findLimiter.current?.()?.quota(),
    async unblock() {
      const limiter = await findLimiter({ deadline: nextDeadline() });
      await limiter.unblock();
    },
  };
}

function renderBaseUrl({ definition }: Runtime, settings: Planner['settings'], origin: string): string {
  const baseUrl = renderTemplate(definition.api.baseUrl, { connection: settings });
  if (baseUrl !== undefined) {
    assertSameOrigin(origin, baseUrl.slice(origin.length), `${baseUrl}/`);
    return baseUrl;
  }
  throw new ConnectorError(
    'CONNECTION_INVALID',
    'api.baseUrl uses a setting that the connection does not have.',
    {
      advice: 'Give the setting a default in connector.yaml, or add it to the settings of the connection.',
    },
  );
}

/** Reads a value once and keeps it. After a failure, the next call reads it again. */
function rememberSuccess<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => {
    value ??= read().catch((error: unknown) => {
      value = undefined;
      throw error;
    });
    return value;
  };
}
