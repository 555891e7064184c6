import { join } from 'node:path';
import { expect } from 'chai';
import { type Installation, installPackages } from './install.ts';
import { packedPackages } from './packed-packages.ts';

/** The program of Bun as npm has it. Its npm package `bun` only chooses one of these. */
const bunPackage = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;

describe('dynamics365-connector under Bun', () => {
  let installation: Installation;
  before(async function () {
    if (process.platform === 'win32') this.skip();
    const packed = await packedPackages();
    const specs = ['dynamics365-connector', 'dynamics365-connector-sandbox'].map((name) =>
      packed.fileOf(name),
    );
    installation = installPackages(packed, 'bun', [...specs, `${bunPackage}@1`]);
  });

  const run = (program: string) => {
    const bun = join(installation.folder, 'node_modules', bunPackage, 'bin/bun');
    return installation.run(bun, [program]);
  };

  it('plans requests and reads compressed responses, complete and incomplete ones', () => {
    expect(run('engine.js')).to.include('ok');
  });
});
