import { join, resolve } from 'node:path';
import { type ConnectorDefinition, ConnectorError } from 'dynamics365-connector';
import { printDiagnostics } from 'dynamics365-connector/authoring';
import { buildManifest } from 'dynamics365-connector/node';
import { engineVersion } from '../engine-version.ts';
import { writeN8nPackage } from '../n8n-package.ts';
import { requireManifest } from '../require-manifest.ts';
import type { CommandContext } from './command-context.ts';

interface BuildOptions {
  readonly for?: 'n8n';
  readonly out?: string;
}

/**
 * `d365 build`: compiles a manifest into its `dist`, and for n8n into a package. Prints all diagnostics; exit code 1 if
 * one of them is an error.
 */
export default async function build({ terminal, options }: CommandContext<BuildOptions>) {
  const { out } = options;
  const manifest = requireManifest(options, '`d365 build`');
  if (out !== undefined && options.for === undefined)
    throw new ConnectorError('SETTING_INVALID', '--out is for packages.', { advice: 'Add --for n8n.' });
  const { definition, diagnostics } = await buildManifest(manifest);
  if (diagnostics.length > 0) terminal.print(printDiagnostics(diagnostics));
  if (definition === undefined) return 1;
  terminal.printNote(`built ${describeDefinition(definition)}`);
  if (options.for === undefined) return 0;
  const folder = resolve(out ?? join(manifest, 'dist/n8n'));
  const name = writeN8nPackage(definition, { manifest, out: folder, engine: engineVersion() });
  terminal.printNote(`${name} in ${folder}`);
  return 0;
}

function describeDefinition({ id, version, bases = [] }: ConnectorDefinition): string {
  return [{ id, version }, ...bases.toReversed()]
    .map((one) => `${one.id} ${one.version}`)
    .join(', which extends ');
}
