import { createRequire } from 'node:module';
import { expect } from 'chai';
import { nodeBinary, supportedNodeVersions } from '../../scripts/support/node-binary.ts';
import { type Installation, installPackages } from './install.ts';
import { type PackedPackages, packedPackages } from './packed-packages.ts';

const nodeRed = createRequire(import.meta.url).resolve('node-red/red.js');
const oldest = supportedNodeVersions[0] ?? process.version;

describe('the installed packages', () => {
  let packed: PackedPackages;
  before(async () => {
    packed = await packedPackages();
  });

  describe('dynamics365-connector alone', () => {
    let engine: Installation;
    before(() => {
      engine = installPackages(
        packed,
        'engine',
        [packed.fileOf('dynamics365-connector')],
        nodeBinary(oldest),
      );
    });

    it('installs no command line, sandbox, OAuth authority or MCP SDK', () => {
      const names = engine.installedNames();
      expect(names).to.include('dynamics365-connector');
      expect(
        names.filter((name) => /-cli|sandbox|commander|oidc|koa|modelcontextprotocol|^pg/.test(name)),
      ).to.deep.equal([]);
      expect(names.length).to.be.below(10);
    });

    for (const version of supportedNodeVersions) {
      it(`works on Node.js ${version}`, async () => {
        expect(await engine.run(nodeBinary(version), ['engine.js'])).to.include('ok');
      });
    }
  });

  describe('all packages', () => {
    let all: Installation;
    before(() => {
      const files = packed.tarballs.filter(({ name }) => !name.startsWith('n8n-')).map(({ file }) => file);
      const mcpClient = '@modelcontextprotocol/client@2';
      all = installPackages(packed, 'all', [...files, mcpClient], nodeBinary(oldest));
    });

    for (const version of supportedNodeVersions) {
      for (const program of ['sandbox.js', 'cli.js', 'serve.js', 'mcp.js', 'worker.js', 'activepieces.js']) {
        it(`${program} works on Node.js ${version}`, async () => {
          expect(await all.run(nodeBinary(version), [program])).to.include('ok');
        });
      }

      it(`Node-RED loads the nodes on Node.js ${version}`, async () => {
        expect(await all.run(nodeBinary(version), ['node-red.js', nodeRed])).to.include('ok');
      });
    }
  });
});
