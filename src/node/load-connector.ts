import { type Connector, createConnector } from '../client/connector.ts';
import type { OperationTypes, UntypedOperations } from '../client/operation-types.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { guardAsync } from '../errors/guard-errors.ts';
import type { Operations } from '../generated/operations.ts';
import { createFetchSender } from '../http/fetch-sender.ts';
import type { ServiceLimits } from '../http/rate-limit/service-limits.ts';
import type { CompileResult } from '../manifest/compile-manifest.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock, Log, RuntimeServices, StateStore } from '../model/runtime-services.ts';
import { assertOptions, assertText, type OptionsRule } from '../validation/assert-options.ts';
import { createValidator } from '../validation/validator.ts';
import { readBuiltDefinition } from './built-definition.ts';
import { packageFolder, readManifestFiles } from './manifest-files.ts';
import { createNodeServices } from './services.ts';

/** Options of `loadConnector`. */
export interface LoadOptions {
  /** The folder of connector.yaml, actions/, triggers/ and schemas/. Default: the manifest of this package. */
  readonly folder?: string;
  /** A WHATWG `fetch` for all requests, such as one with a proxy or a tracer. Default: node-fetch with keep-alive. */
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
  /** The service protection limits of your environments, if they differ from those that Microsoft documents. */
  readonly limits?: Partial<ServiceLimits>;
}

const loadRule: OptionsRule<LoadOptions> = {
  of: 'loadConnector',
  types: {
    folder: 'text',
    fetch: 'function',
    send: 'function',
    store: 'any',
    log: 'function',
    clock: 'any',
    random: 'function',
    uuid: 'function',
    limits: 'any',
  },
  code: 'SETTING_INVALID',
};

/** Compiles a manifest. Returns its diagnostics, and its definition if there is no error. Throws MANIFEST_UNREADABLE. */
export function checkManifest(options?: Pick<LoadOptions, 'folder'>): Promise<CompileResult> {
  return guardAsync(async () => {
    const { folder = packageFolder } = assertOptions(options, manifestRule);
    // Imported here, so that programs with a built manifest do not load the compiler and the YAML parser.
    const { compileManifest } = await import('../manifest/compile-manifest.ts');
    return compileManifest(await readManifestFiles(folder));
  });
}

const manifestRule: OptionsRule<Pick<LoadOptions, 'folder'>> = {
  of: 'a manifest',
  types: { folder: 'text' },
  code: 'SETTING_INVALID',
};

/**
 * Loads a connector. Without `folder`, it loads the manifest of this package, which the build compiled, and the client
 * has the types of its operations. A folder is compiled each time; its types can be generated with `d365 types` and
 * passed as type argument.
 *
 * @throws MANIFEST_INVALID with all diagnostics, MANIFEST_UNREADABLE, SETTING_INVALID for an unknown option.
 * @example const connector = await loadConnector({ store: openSqliteStore('state.sqlite') });
 */
export function loadConnector<Types extends OperationTypes = Operations>(
  options?: Omit<LoadOptions, 'folder'>,
): Promise<Connector<Types>>;
export function loadConnector<Types extends OperationTypes = UntypedOperations>(
  options: LoadOptions,
): Promise<Connector<Types>>;
export function loadConnector(given?: LoadOptions): Promise<Connector> {
  return guardAsync(async () => {
    const options = assertOptions(given, loadRule);
    const built = options.folder === undefined ? await readBuiltDefinition() : undefined;
    const definition = built ?? (await compileFolder(options));
    return createConnector({
      definition,
      validator: createValidator(),
      services: createNodeServices(toServices(options)),
      limits: options.limits,
    });
  });
}

function toServices({ fetch, send, store, log, clock, random, uuid }: LoadOptions): Partial<RuntimeServices> {
  if (fetch !== undefined && send !== undefined) {
    throw new ConnectorError('SETTING_INVALID', 'Set either the option "fetch" or "send", not both.');
  }
  return { send: fetch === undefined ? send : createFetchSender(fetch), store, log, clock, random, uuid };
}

async function compileFolder(options: Pick<LoadOptions, 'folder'>): Promise<ConnectorDefinition> {
  const { definition, diagnostics } = await checkManifest({ folder: options.folder });
  if (definition !== undefined) return definition;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
  throw new ConnectorError('MANIFEST_INVALID', `The manifest has ${count}.`, { diagnostics });
}

/**
 * Returns an action or trigger as YAML, with the values of its template action filled in. Throws OPERATION_UNKNOWN if
 * there is no such operation.
 */
export function expandOperation(id: string, options?: Pick<LoadOptions, 'folder'>): Promise<string> {
  return guardAsync(async () => {
    assertText(id, 'The id of an operation', 'OPERATION_UNKNOWN');
    const { folder = packageFolder } = assertOptions(options, manifestRule);
    const { expandOperationSource } = await import('../manifest/expand-operation.ts');
    return expandOperationSource(await readManifestFiles(folder), id);
  });
}
