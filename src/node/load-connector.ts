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

/** Which manifest, and which world. */
export interface LoadOptions {
  /** Folder of connector.yaml, actions/, triggers/ and schemas/; our own manifest if left out. */
  readonly folder?: string | undefined;
  /** What the host brings instead of Node's: a store that survives the process, a log, a clock. */
  readonly services?: Partial<RuntimeServices> | undefined;
  /** Service protection limits of your environments, where they are not those that Microsoft documents. */
  readonly limits?: Partial<ServiceLimits> | undefined;
}

/** Everything wrong with a manifest, and its definition when nothing is. Throws only when files cannot be read. */
export async function checkManifest({ folder = packageFolder }: LoadOptions = {}): Promise<CompileResult> {
  // The compiler and its YAML parser are loaded where there is something to compile.
  const { compileManifest } = await import('../manifest/compile-manifest.ts');
  return compileManifest(await readManifestFiles(folder));
}

/**
 * Loads a connector. A manifest with a fault never half-loads: MANIFEST_INVALID carries every diagnostic. Our own
 * manifest was compiled when the package was built; a folder is compiled each time.
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
  const count = errors.length === 1 ? 'one fault' : `${errors.length} faults`;
  throw new ConnectorError('MANIFEST_INVALID', `The manifest has ${count}.`, { diagnostics });
}

/** One action or trigger as YAML with its family written out. OPERATION_UNKNOWN when there is none. */
export async function expandOperation(
  id: string,
  { folder = packageFolder }: LoadOptions = {},
): Promise<string> {
  const { expandOperationSource } = await import('../manifest/expand-operation.ts');
  return expandOperationSource(await readManifestFiles(folder), id);
}
