import { type Connector, createConnector } from '../client/connector.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { ServiceLimits } from '../http/rate-limit/service-limits.ts';
import type { CompileResult } from '../manifest/compile-manifest.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import { createValidator } from '../validation/validator.ts';
import { readBuiltDefinition } from './built-definition.ts';
import { packageFolder, readManifestFiles } from './manifest-files.ts';
import { createNodeServices } from './services.ts';

/** Options of `loadConnector`. */
export interface LoadOptions {
  /** The folder of connector.yaml, actions/, triggers/ and schemas/. Default: the manifest of this package. */
  readonly folder?: string;
  /** Replacements for the services of Node.js: a persistent store, a log, a clock. */
  readonly services?: Partial<RuntimeServices>;
  /** The service protection limits of your environments, if they differ from those that Microsoft documents. */
  readonly limits?: Partial<ServiceLimits>;
}

/** Compiles a manifest. Returns its diagnostics, and its definition if there is no error. Throws MANIFEST_UNREADABLE. */
export async function checkManifest({ folder = packageFolder }: LoadOptions = {}): Promise<CompileResult> {
  // Imported here, so that programs with a built manifest do not load the compiler and the YAML parser.
  const { compileManifest } = await import('../manifest/compile-manifest.ts');
  return compileManifest(await readManifestFiles(folder));
}

/**
 * Loads a connector. The manifest of this package was compiled by the build; a folder is compiled each time. Throws
 * MANIFEST_INVALID with all diagnostics if the manifest has an error, and MANIFEST_UNREADABLE if a file cannot be read.
 *
 * @example
 * const connector = await loadConnector({ services: { store: openSqliteStore('/var/lib/myhost/state.sqlite') } });
 */
export async function loadConnector(options: LoadOptions = {}): Promise<Connector> {
  const built = options.folder === undefined ? await readBuiltDefinition() : undefined;
  const definition = built ?? (await compileFolder(options));
  const services = createNodeServices(options.services);
  return createConnector({ definition, validator: createValidator(), services, limits: options.limits });
}

async function compileFolder(options: LoadOptions): Promise<ConnectorDefinition> {
  const { definition, diagnostics } = await checkManifest(options);
  if (definition !== undefined) return definition;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
  throw new ConnectorError('MANIFEST_INVALID', `The manifest has ${count}.`, { diagnostics });
}

/**
 * Returns an action or trigger as YAML, with the values of its template action filled in. Throws OPERATION_UNKNOWN if
 * there is no such operation.
 */
export async function expandOperation(
  id: string,
  { folder = packageFolder }: LoadOptions = {},
): Promise<string> {
  const { expandOperationSource } = await import('../manifest/expand-operation.ts');
  return expandOperationSource(await readManifestFiles(folder), id);
}
