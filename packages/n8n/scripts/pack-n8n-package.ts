import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/support/run-command.ts';
import { paths } from './paths.ts';

/** Builds and packs the package for n8n and unpacks it twice: unchanged, and as n8n installs a community node. */
export function packN8nPackage(): void {
  rmSync(paths.tarballs, { recursive: true, force: true });
  mkdirSync(paths.tarballs, { recursive: true });
  const workspace = ['-w', 'n8n-nodes-dynamics365-customer-service'];
  runCommand('npm', ['pack', ...workspace, '--silent', '--pack-destination', paths.tarballs]);
  const [tarball = ''] = readdirSync(paths.tarballs);
  for (const folder of [paths.packed, paths.installed]) {
    mkdirSync(folder);
    runCommand('tar', ['-xzf', join(paths.tarballs, tarball), '-C', folder, '--strip-components=1']);
  }
  installLikeN8n(paths.installed);
}

/** n8n removes development, peer and optional dependencies and installs the others, without install scripts. */
function installLikeN8n(folder: string): void {
  const file = join(folder, 'package.json');
  const {
    devDependencies: _,
    peerDependencies: __,
    optionalDependencies: ___,
    ...rest
  } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(rest, undefined, 2));
  const flags = ['--install-strategy=shallow', '--ignore-scripts', '--bin-links=false', '--silent'];
  runCommand('npm', ['install', ...flags], folder);
}
