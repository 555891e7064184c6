import { type Connector, createConnector } from '../client/connector.ts';
import type { OperationTypes, UntypedOperations } from '../client/operation-types.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { guardAsync } from '../errors/guard-errors.ts';
import type { Operations } from '../generated/operations.ts';
import { createFetchSender } from '../http/fetch-sender.ts';
import type { ServiceLimits } from '../http/rate-limit/service-limits.ts';
import type { CompileResult } from '../manifest/compile-manifest.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock, Log, RuntimeServices, StateStore } from '../model/runtime-services.ts';
import { assertOptions, assertText, type OptionsRule } from '../validation/assert-options.ts';
import { createValidator } from '../validation/validator.ts';
import { checkBuilds, readBuiltDefinition } from './built-definition.ts';
import { createSender, type TransportOptions, transportTypes } from './create-sender.ts';
import { limitsFromEnv } from './limits-from-env.ts';
import { type ObserverOptions, openObservers } from './observers.ts';
import { readManifest } from './read-manifest.ts';
import { createNodeServices } from './services.ts';

/** Options of `loadConnector`. */
export interface LoadOptions extends TransportOptions, ObserverOptions {
  /**
   * The folder of a manifest of your own: connector.yaml, actions/, triggers/ and schemas/tables/. It can extend this
   * package. Default: the manifest of this package.
   */
  readonly manifest?: string;
  /** A WHATWG `fetch` for all requests, such as one with a tracer, instead of a `transport`. */
  readonly fetch?: typeof globalThis.fetch;
  /** A sender to use instead of `fetch`, for hosts that send requests themselves. */
  readonly send?: HttpSender;
  /** The store of tokens, poll states and rate limits. Default: memory, lost with the process (see `openSqliteStore`). */
  readonly store?: StateStore;
  /** Receives log events, which contain no row values and no secrets. Default: no log. */
  readonly log?: Log;
  /** A clock for tests. Default: the system clock. */
  readonly clock?: Clock;
  /** Returns random numbers in [0, 1), for tests. */
  readonly random?: () => number;
  /** Returns new UUIDs, for tests. */
  readonly uuid?: () => string;
  /**
   * What the connector may use of a user's service protection limits. Default: all of it, as the environment's responses
   * show it; or the variables D365_MAX_REQUESTS, D365_MAX_EXECUTION_MS and D365_MAX_CONCURRENT_REQUESTS.
   */
  readonly limits?: Partial<ServiceLimits>;
}

const loadRule: OptionsRule<LoadOptions> = {
  of: 'loadConnector',
  types: {
    ...transportTypes,
    manifest: 'text',
    fetch: 'function',
    send: 'function',
    store: 'any',
    log: 'function',
    telemetry: 'any',
    audit: 'any',
    clock: 'any',
    random: 'function',
    uuid: 'function',
    limits: 'any',
  },
  code: 'SETTING_INVALID',
};

/** Compiles a manifest. Returns its diagnostics, and its definition if there is no error. Throws MANIFEST_UNREADABLE. */
export function checkManifest(options?: ManifestOption): Promise<CompileResult> {
  return guardAsync(async () => {
    const { manifest } = assertOptions(options, manifestRule);
    // Imported here, so that programs with a built manifest do not load the compiler and the YAML parser.
    const { compileManifest } = await import('../manifest/compile-manifest.ts');
    const { packages, diagnostics } = await readManifest(manifest);
    if (diagnostics.length > 0) return { diagnostics };
    const compiled = compileManifest(packages);
    // YAML that differs from its build is not loaded.
    const outdated = checkBuilds(packages.slice(-1));
    return outdated.length > 0 ? { diagnostics: [...compiled.diagnostics, ...outdated] } : compiled;
  });
}

type ManifestOption = Pick<LoadOptions, 'manifest'>;

const manifestRule: OptionsRule<ManifestOption> = {
  of: 'a manifest',
  types: { manifest: 'text' },
  code: 'SETTING_INVALID',
};

/**
 * Loads a connector. Without `manifest`, it loads the manifest of this package, which the build compiled, and the client
 * has the types of its operations. Another folder is compiled each time, unless `d365 build` has compiled it; its types
 * can be generated with `d365 types` and passed as type argument.
 *
 * @throws MANIFEST_INVALID with all diagnostics, MANIFEST_UNREADABLE, BUILD_OUTDATED, SETTING_INVALID for an unknown option.
 * @example const connector = await loadConnector({ store: openSqliteStore('state.sqlite') });
 */
export function loadConnector<Types extends OperationTypes = Operations>(
  options?: Omit<LoadOptions, 'manifest'>,
): Promise<Connector<Types>>;
export function loadConnector<Types extends OperationTypes = UntypedOperations>(
  options: LoadOptions,
): Promise<Connector<Types>>;
export function loadConnector(given?: LoadOptions): Promise<Connector> {
  return guardAsync(async () => {
    const options = assertOptions(given, loadRule);
    const observers = await openObservers(options, process.env);
    const services = createNodeServices({ ...toServices(options), ...observers });
    const built = readBuiltDefinition(options.manifest);
    const definition = built ?? (await compileFolder(options));
    return createConnector({
      definition,
      validator: createValidator(),
      services,
      limits: { ...limitsFromEnv(process.env), ...options.limits },
    });
  });
}

function toServices(options: LoadOptions): Partial<RuntimeServices> {
  const { store, log, clock, random, uuid } = options;
  return { send: toSender(options), store, log, clock, random, uuid };
}

function toSender({ fetch, send, transport, proxy, noProxy, caCertificates }: LoadOptions): HttpSender {
  if (fetch !== undefined && send !== undefined)
    throw new ConnectorError('SETTING_INVALID', 'Set either the option "fetch" or "send", not both.');
  const own = send ?? (fetch && createFetchSender(fetch));
  const network = { transport, proxy, noProxy, caCertificates };
  if (own === undefined) return createSender(network);
  const [unused] = Object.entries(network).find(([, value]) => value !== undefined) ?? [];
  if (unused === undefined) return own;
  throw new ConnectorError(
    'SETTING_INVALID',
    `The option "${unused}" has no effect with "${send === undefined ? 'fetch' : 'send'}", which sends the requests.`,
    { advice: 'Remove one of the two options.' },
  );
}

async function compileFolder(options: ManifestOption): Promise<ConnectorDefinition> {
  const { definition, diagnostics } = await checkManifest({ manifest: options.manifest });
  if (definition !== undefined) return definition;
  throw manifestInvalid(diagnostics);
}

function manifestInvalid(diagnostics: readonly Diagnostic[]): ConnectorError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
  return new ConnectorError('MANIFEST_INVALID', `The manifest has ${count}.`, { diagnostics });
}

/**
 * Returns an action or trigger as YAML, with the values of its template action filled in. Throws OPERATION_UNKNOWN if
 * there is no such operation.
 */
export function expandOperation(id: string, options?: ManifestOption): Promise<string> {
  return guardAsync(async () => {
    assertText(id, 'The id of an operation', 'OPERATION_UNKNOWN');
    const { manifest } = assertOptions(options, manifestRule);
    const { expandOperationSource } = await import('../manifest/expand-operation.ts');
    const { readSources } = await import('../manifest/compile-manifest.ts');
    const { packages, diagnostics } = await readManifest(manifest);
    if (diagnostics.length > 0) throw manifestInvalid(diagnostics);
    return expandOperationSource(readSources(packages), id);
  });
}
