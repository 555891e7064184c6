import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import type { SbomComponent } from '../../scripts/support/create-sbom.ts';
import { repositoryRoot } from '../../scripts/support/run-command.ts';
import { type PackedPackages, packedPackages } from './packed-packages.ts';

/** Their package.json names no license. */
const withoutLicense = ['@activepieces/pieces-framework', '@activepieces/shared', 'xmlhttprequest-ssl'];

describe('the list of parts of each tarball', () => {
  let packed: PackedPackages;
  let folder = '';
  before(async () => {
    packed = await packedPackages();
    folder = mkdtempSync(join(tmpdir(), 'd365-sbom-'));
    for (const { file } of packed.tarballs) copyFileSync(file, join(folder, basename(file)));
    execFileSync(
      process.execPath,
      ['--conditions=development', join(repositoryRoot, 'scripts/write-sbom.ts'), folder],
      { cwd: repositoryRoot },
    );
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('is written for each, with the hash of the tarball', () => {
    const lists = readdirSync(folder).filter((name) => name.endsWith('.cdx.json'));
    expect(lists).to.have.length(packed.tarballs.length);
  });

  it('names every library of the notices and every dependency, with hash and license', () => {
    for (const { file, contents } of packed.tarballs) {
      const list = join(folder, basename(file).replace(/\.tgz$/, '.cdx.json'));
      const { components } = JSON.parse(readFileSync(list, 'utf8')) as { components: SbomComponent[] };
      const read = (path: string) =>
        execFileSync('tar', ['-xOzf', file, `package/${path}`], { encoding: 'utf8' });
      const notices = contents.filter((path) => path.endsWith('THIRD-PARTY-NOTICES.txt')).map(read);
      const bundled = notices.join('\n').match(/(?<=^---\n\n)\S+(?= \d)/gm) ?? [];
      const { dependencies = {} } = JSON.parse(read('package.json'));
      const names = components.map(({ name }) => name);
      expect(names, basename(file)).to.include.members([...bundled, ...Object.keys(dependencies)]);
      for (const { name, hashes, licenses } of components) {
        const isOwn = packed.tarballs.some((one) => one.name === name);
        expect(isOwn || hashes?.[0]?.content.length === 128, `${name} in ${basename(file)}`).to.equal(true);
        if (!withoutLicense.includes(name)) expect(licenses, name).to.have.length(1);
      }
    }
  });

  it('names the libraries that the engine has inside', () => {
    const list = readdirSync(folder).find((name) => /^dynamics365-connector-\d.*\.cdx\.json$/.test(name));
    const { components } = JSON.parse(readFileSync(join(folder, list ?? ''), 'utf8')) as {
      components: SbomComponent[];
    };
    const inside = components.filter(({ properties }) => properties !== undefined).map(({ name }) => name);
    expect(inside).to.include.members(['ajv', 'handlebars', 'oauth4webapi', 'saxes', 'yaml']);
  });
});
