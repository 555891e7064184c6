import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { repositoryUrl, syncedManifests } from '../../scripts/package-fields.ts';
import { packageFolders, readManifest, withDependencies } from '../../scripts/support/workspace-packages.ts';
import { root } from './imports.ts';

const readText = (file: string) => readFileSync(join(root, file), 'utf8');
const manifests = packageFolders.map((folder) => ({ folder, manifest: readManifest(folder) }));
const ownNames = manifests.map(({ manifest }) => manifest.name);

describe('packages', () => {
  it('every workspace is built and published', () => {
    const folders = globSync('packages/*/package.json', { cwd: root }).map((file) =>
      file.replaceAll('\\', '/').replace('/package.json', ''),
    );
    expect([...packageFolders]).to.have.members(['.', ...folders]);
  });

  it('each package.json has the shared fields (npm run sync-packages)', () => {
    for (const [folder, manifest] of syncedManifests()) {
      const expected = `${JSON.stringify(manifest, undefined, 2)}\n`;
      expect(readText(join(folder, 'package.json')) === expected, folder).to.equal(true);
    }
  });

  it('all packages, the manifest and package-lock.json have the same version', () => {
    const { version } = readManifest('.');
    const lock = JSON.parse(readText('package-lock.json'));
    for (const { folder, manifest } of manifests) {
      expect(manifest.version, folder).to.equal(version);
      expect(lock.packages[folder === '.' ? '' : folder].version, folder).to.equal(version);
    }
    expect(parse(readText('connector.yaml')).version).to.equal(version);
    expect(readText('CHANGELOG.md')).to.match(new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\]`, 'm'));
  });

  it('packages depend on each other by exact version', () => {
    for (const { folder, manifest } of manifests) {
      const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = manifest;
      for (const all of [dependencies, devDependencies, peerDependencies]) {
        for (const [name, range] of Object.entries(all)) {
          if (ownNames.includes(name)) expect(range, `${folder}: ${name}`).to.equal(manifest.version);
        }
      }
    }
  });

  it('the build order puts each package after those that it uses', () => {
    for (const folder of packageFolders) expect(withDependencies(folder).at(-1)).to.equal(folder);
  });

  it('npm pack builds each package and publishes no clone-only fields', () => {
    for (const { folder, manifest } of manifests) {
      const up = folder === '.' ? '' : '../../';
      const command = (name: string) => `node --conditions=development ${up}scripts/${name}.ts`;
      expect(manifest.scripts, folder).to.include({
        prepack: command('prepack'),
        postpack: command('postpack'),
      });
    }
  });

  it('every file names the same address of the repo', () => {
    const files = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.json', '*.yaml', '*.yml', '*.html'], {
      cwd: root,
      encoding: 'utf8',
    });
    const strays = files
      .split('\n')
      .filter((file) => file !== '')
      .flatMap((file) => {
        const addresses =
          readText(file).match(/https:\/\/github\.com\/[\w-]+\/dynamics365-connector\b/g) ?? [];
        return addresses
          .filter((address) => address !== repositoryUrl)
          .map((address) => `${file}: ${address}`);
      });
    expect(strays).to.deep.equal([]);
  });
});
