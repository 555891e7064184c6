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

/** Which manifest, and what the connector uses instead of the defaults for Node.js. */
export interface LoadOptions {
  /** Folder of connector.yaml, actions/, triggers/ and schemas/. Default: the manifest of this package. */
  readonly folder?: string | undefined;
  /** A WHATWG `fetch` that sends all requests, e.g. one with a proxy or a tracer. Default: node-fetch, kept alive. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sends requests instead of `fetch`: the port of hosts that have a sender of their own. */
  readonly send?: HttpSender | undefined;
  /** Keeps tokens, poll states and shared limits. Default: memory, lost with the process (see `openSqliteStore`). */
  readonly store?: StateStore | undefined;
  /** Receives log events; they hold no values of rows and no secrets. Default: none. */
  readonly log?: Log | undefined;
  /** Time, for tests. Default: the system clock. */
  readonly clock?: Clock | undefined;
  /** Random numbers in [0, 1), for tests. */
  readonly random?: (() => number) | undefined;
  /** New UUIDs, for tests. */
  readonly uuid?: (() => string) | undefined;
  /** Service protection limits of your environments, where they differ from those that Microsoft documents. */
  readonly limits?: Partial<ServiceLimits> | undefined;
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

/** Everything wrong with a manifest, and its definition when nothing is. Throws only when files cannot be read. */
export function checkManifest(options?: Pick<LoadOptions, 'folder'>): Promise<CompileResult> {
  return guardAsync(async () => {
    const { folder = packageFolder } = assertOptions(options, manifestRule);
    // The compiler and its YAML parser are loaded where there is something to compile.
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
 * Loads a connector. Without a `folder` it is our own manifest, compiled when the package was built, and the client is
 * typed by its operations. A folder is compiled each time; its types are those that `d365 types` wrote, given as type
 * argument, or none.
 *
 * @throws MANIFEST_INVALID with every diagnostic, MANIFEST_UNREADABLE, SETTING_INVALID for an unknown option.
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
    throw new ConnectorError('SETTING_INVALID', 'Options "fetch" and "send" exclude each other.');
  }
  return { send: fetch === undefined ? send : createFetchSender(fetch), store, log, clock, random, uuid };
}

async function compileFolder(options: Pick<LoadOptions, 'folder'>): Promise<ConnectorDefinition> {
  const { definition, diagnostics } = await checkManifest({ folder: options.folder });
  if (definition !== undefined) return definition;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'one fault' : `${errors.length} faults`;
  throw new ConnectorError('MANIFEST_INVALID', `The manifest has ${count}.`, { diagnostics });
}

/** One action or trigger as YAML with its family written out. OPERATION_UNKNOWN when there is none. */
export function expandOperation(id: string, options?: Pick<LoadOptions, 'folder'>): Promise<string> {
  return guardAsync(async () => {
    assertText(id, 'The id of an operation', 'OPERATION_UNKNOWN');
    const { folder = packageFolder } = assertOptions(options, manifestRule);
    const { expandOperationSource } = await import('../manifest/expand-operation.ts');
    return expandOperationSource(await readManifestFiles(folder), id);
  });
}
