/** Writes the list of parts (CycloneDX) of each tarball in a folder beside it: `npm run sbom -- tarballs`. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSbom } from './support/create-sbom.ts';
import { repositoryRoot } from './support/run-command.ts';

const [folder = '.'] = process.argv.slice(2);
const { packages: locked } = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8'));

for (const name of globSync('*.tgz', { cwd: folder }).sort()) {
  const file = join(folder, name);
  const tar = (...args: readonly string[]) => execFileSync('tar', args, { encoding: 'utf8' });
  const paths = tar('-tzf', file).split('\n');
  const read = (path: string) => tar('-xOzf', file, path);
  const sbom = createSbom({
    manifest: JSON.parse(read('package/package.json')),
    tarball: readFileSync(file),
    notices: paths.filter((path) => path.endsWith('/THIRD-PARTY-NOTICES.txt')).map(read),
    locked,
  });
  writeFileSync(file.replace(/\.tgz$/, '.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`);
  process.stdout.write(`${name}: ${sbom.components.length} parts\n`);
}
