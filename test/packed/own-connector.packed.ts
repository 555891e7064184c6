import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { installPackages } from './install.ts';
import { packedPackages } from './packed-packages.ts';

const nodeRed = createRequire(import.meta.url).resolve('node-red/red.js');
const n8n = 'n8n-nodes-dynamics365-customer-service';

describe("a connector of one's own, from the packed packages", () => {
  it('works in the command line, a program, MCP, the worker, Node-RED and a package for n8n', async () => {
    const packed = await packedPackages();
    const files = packed.tarballs.filter(({ name }) => name !== n8n).map(({ file }) => file);
    const installed = installPackages(packed, 'own', [...files, '@modelcontextprotocol/client@2']);
    // n8n brings what its package needs; only the files of the package are read here.
    const unpacked = join(packed.folder, 'n8n');
    mkdirSync(unpacked);
    execFileSync('tar', ['-xzf', packed.fileOf(n8n), '-C', unpacked]);
    const args = ['own-connector.js', nodeRed, join(unpacked, 'package')];
    expect(await installed.run(process.execPath, args)).to.include('ok');
  });
});
