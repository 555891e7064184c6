import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { nodeBinary, supportedNodeVersions } from '../../scripts/support/node-binary.ts';
import { type Installation, installPackages } from './install.ts';
import { packedPackages } from './packed-packages.ts';

/** The compilers that users have: the last one written in TypeScript, and the one of this repo. */
const compilers = ['5.9', '7'];
/** Everything strict, and the declarations of our packages checked too. */
const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  types: ['node'],
  rootDir: '.',
  outDir: 'out',
};

describe('a strict TypeScript program on the installed packages', () => {
  const installations = new Map<string, Installation>();
  before(async () => {
    const packed = await packedPackages();
    const files = ['dynamics365-connector', 'dynamics365-connector-sandbox'].map((name) =>
      packed.fileOf(name),
    );
    for (const compiler of compilers) {
      const specs = [...files, `typescript@${compiler}`, '@types/node@22'];
      const installation = installPackages(packed, `typescript-${compiler}`, specs);
      const folder = join(installation.folder, 'typed');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
      installations.set(compiler, installation);
    }
  });

  const run = (compiler: string, node: string, args: readonly string[]) =>
    (installations.get(compiler) as Installation).run(node, args);

  for (const compiler of compilers) {
    it(`compiles with TypeScript ${compiler}, wrong inputs refused`, async () => {
      await run(compiler, process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'typed']);
    });

    for (const version of supportedNodeVersions) {
      it(`compiled by TypeScript ${compiler}, runs as an ES module on Node.js ${version}`, async () => {
        expect(await run(compiler, nodeBinary(version), ['typed/out/program.js'])).to.include('ok');
      });

      it(`compiled by TypeScript ${compiler}, runs as CommonJS on Node.js ${version}`, async () => {
        expect(await run(compiler, nodeBinary(version), ['typed/out/common-js.cjs'])).to.include('ok');
      });
    }
  }
});
