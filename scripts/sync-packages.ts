/**
 * Writes into every package.json what they have in common: version (that of the root), license, author, addresses,
 * engines, and exact versions between the packages of this repo: `npm run sync-packages`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncedManifests } from './package-fields.ts';
import { repositoryRoot, runCommand } from './support/run-command.ts';
import { readManifest } from './support/workspace-packages.ts';

for (const [folder, manifest] of syncedManifests()) {
  writeFileSync(join(repositoryRoot, folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
const header = join(repositoryRoot, 'connector.yaml');
const text = readFileSync(header, 'utf8');
writeFileSync(header, text.replace(/^version: .*$/m, `version: ${readManifest('.').version}`));
runCommand('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']);
