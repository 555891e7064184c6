import { execFileSync } from 'node:child_process';
import { dirname, join, normalize } from 'node:path';
import { expect } from 'chai';
import { captureCommand, repositoryRoot } from '../../scripts/support/run-command.ts';
import { type PackedPackages, packedPackages } from './packed-packages.ts';

/** What every tarball holds. */
const common = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];
const declarations = /^dist\/([a-z0-9-]+\/)*[a-z0-9-]+\.d\.ts$/;

/** What each tarball may hold besides. A file that fits no entry fails the suite. */
const allowed: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'dynamics365-connector': [
    /^dist\/((base|host|index)|(authoring|node|odata)\/index|generated\/operations|chunks\/[a-z0-9-]+-[A-Z0-9]{8})\.js$/,
    declarations,
    'THIRD-PARTY-NOTICES.txt',
    'dist/definition.json',
    'dist/definition.index.json',
    'dist/definition.sources.json',
    'connector.yaml',
    'CONTRIBUTING.md',
    'SECURITY.md',
    /^packages\/[a-z0-9-]+\/README\.md$/,
    /^actions\/[^/]+\.yaml$/,
    /^triggers\/[^/]+\.yaml$/,
    /^schemas\/([a-z-]+\/)*[^/]+\.(yaml|json)$/,
    /^docs\/(decisions\/)?[^/]+\.md$/,
    /^docs\/pictures\/[^/]+\.(png|svg)$/,
    /^examples\/([a-z-]+\/)*[A-Za-z-]+\.(ts|md|csv|conf)$/,
  ],
  'dynamics365-connector-sandbox': ['dist/index.js', declarations, 'dist/tables.json'],
  'dynamics365-connector-worker': ['dist/index.js', declarations],
  'dynamics365-connector-mirror': ['dist/index.js', declarations],
  'dynamics365-connector-mcp': [
    'dist/index.js',
    'dist/tools.js',
    /^dist\/chunk-[A-Z0-9]{8}\.js$/,
    declarations,
  ],
  'dynamics365-connector-service': [
    'dist/index.js',
    /^dist\/[a-z-]+-[A-Z0-9]{8}\.js$/,
    declarations,
    'dist/console/index.html',
    'dist/console/THIRD-PARTY-NOTICES.txt',
    /^dist\/console\/[A-Za-z.-]+-[A-Z0-9]{8}\.(js|css)$/,
  ],
  'node-red-contrib-dynamics365': [
    'dist/dynamics365.js',
    declarations,
    'dist/dynamics365.html',
    'dist/icons/dynamics365.svg',
    /^dist\/locales\/en-US\/dynamics365\.(html|json)$/,
    /^examples\/[^/]+\.json$/,
  ],
  'dynamics365-connector-cli': ['dist/main.js', 'dist/help.txt', /^dist\/[a-z0-9-]+-[A-Z0-9]{8}\.js$/],
  'activepieces-piece-dynamics365': ['dist/index.js', declarations],
  'n8n-nodes-dynamics365-customer-service': [
    'THIRD-PARTY-NOTICES.txt',
    'dist/package.json',
    'dist/entry/n8n-context.js',
    'dist/entry/checks.js',
    'dist/entry/check-runtime.js',
    'dist/entry/definition.json',
    /^dist\/nodes\/(Dynamics365(?:Trigger)?)\/(\1\.node\.js(on)?|dynamics365\.svg)$/,
    /^dist\/credentials\/(Dynamics365OAuth2Api\.credentials\.js|dynamics365\.svg)$/,
  ],
};

const runTool = (name: string, ...args: readonly string[]) =>
  captureCommand(join(repositoryRoot, 'node_modules/.bin', name), args);

describe('the tarball of', () => {
  let packed: PackedPackages;
  before(async () => {
    packed = await packedPackages();
  });

  const readFrom = (name: string, file: string) =>
    execFileSync('tar', ['-xOzf', packed.fileOf(name), `package/${file}`], { encoding: 'utf8' });

  it('the test lists every workspace package', () => {
    expect(packed.tarballs.map(({ name }) => name)).to.have.members(Object.keys(allowed));
  });

  for (const [name, patterns] of Object.entries(allowed)) {
    describe(name, () => {
      const contents = () => packed.tarballs.find((tarball) => tarball.name === name)?.contents ?? [];

      it('has every file that it must have, and no other', () => {
        expect(contents()).to.include.members(common);
        const fits = (file: string) =>
          [...common, ...patterns].some((one) => (typeof one === 'string' ? one === file : one.test(file)));
        expect(contents().filter((file) => !fits(file))).to.deep.equal([]);
        for (const pattern of patterns) {
          const found = contents().some((file) =>
            typeof pattern === 'string' ? pattern === file : pattern.test(file),
          );
          expect(found, String(pattern)).to.equal(true);
        }
      });

      it('has a package.json without scripts, development dependencies and paths of sources', () => {
        const manifest = JSON.parse(readFrom(name, 'package.json'));
        expect(manifest).to.not.have.any.keys('scripts', 'devDependencies', 'workspaces', 'allowScripts');
        expect(JSON.stringify(manifest)).to.not.match(/"development":|src\//);
      });

      it('has every file that the README links to', () => {
        const links = [...readFrom(name, 'README.md').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
        const missing = links
          .map(([, link = '']) => normalize(join(dirname('README.md'), link)).replace(/\/$/, ''))
          .filter((link) => !contents().some((file) => file === link || file.startsWith(`${link}/`)));
        expect(missing).to.deep.equal([]);
      });

      it('passes publint', () => {
        runTool('publint', packed.fileOf(name), '--strict');
      });

      it('has types that every module resolution of an ES module finds', () => {
        // Without exports there is nothing to resolve.
        if (JSON.parse(readFrom(name, 'package.json')).exports?.['.'] === undefined) return;
        runTool('attw', packed.fileOf(name), '--profile', 'esm-only', '--quiet');
      });
    });
  }
});
