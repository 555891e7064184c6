import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../scripts/aside/run.ts';
import { places } from './places.ts';

/** Builds and packs the package for n8n, and unpacks it twice: as it is, and as n8n installs a community node. */
export function packForN8n(): void {
  run('npm', ['run', '--silent', 'build:n8n']);
  rmSync(places.tarballs, { recursive: true, force: true });
  mkdirSync(places.tarballs, { recursive: true });
  run('npm', ['pack', places.built, '--silent', '--pack-destination', places.tarballs]);
  const tarball = join(places.tarballs, readdirSync(places.tarballs)[0]!);
  for (const folder of [places.packed, places.installed]) {
    mkdirSync(folder);
    run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  }
  installAsN8n(places.installed);
}

/** n8n takes a package's development, peer and optional dependencies away and installs what is left, without scripts. */
function installAsN8n(folder: string): void {
  const file = join(folder, 'package.json');
  const {
    devDependencies: _,
    peerDependencies: __,
    optionalDependencies: ___,
    ...rest
  } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(rest, undefined, 2));
  const flags = ['--install-strategy=shallow', '--ignore-scripts', '--bin-links=false', '--silent'];
  run('npm', ['install', ...flags], folder);
}
