import type { ConnectorDefinition } from '../../src/model/definition.ts';
import { checkManifest } from '../../src/node/load-connector.ts';

/** The manifest of this repo, compiled once for all pages. */
export const definition: ConnectorDefinition = await compileOwnManifest();

async function compileOwnManifest(): Promise<ConnectorDefinition> {
  const compiled = await checkManifest();
  if (compiled.definition === undefined)
    throw new Error('The manifest has errors. Run `npm run d365 -- check`.');
  return compiled.definition;
}
