import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConnector } from 'dynamics365-connector';
import { precompile } from 'dynamics365-connector/authoring';
import { runtimeOf } from 'dynamics365-connector/host';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { collectThirdPartyNotices } from './third-party-notices.ts';

const source = join(import.meta.dirname, '..');
const root = join(source, '../..');

/** Output is CommonJS; libraries are bundled in their platform-neutral form, without Node.js modules. */
const common = {
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  target: 'node22',
  conditions: ['development'],
  mainFields: ['module', 'main'],
  external: ['n8n-workflow'],
  legalComments: 'inline',
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Keeps imports of these files external: `./n8n-context.ts` -> `./n8n-context.js`, which is bundled once. */
function keepExternal(...names: readonly string[]): Plugin {
  return {
    name: 'keep-external',
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`/(${names.join('|')})\\.\\w+$`) }, ({ path, importer }) =>
        importer === '' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
      );
    },
  };
}

/** What the compiled checks need, in a file of its own: `d365 build --for n8n` writes other checks beside it. */
const checkRuntime = `
exports.ucs2length = require('ajv/dist/runtime/ucs2length').default;
exports.equal = require('ajv/dist/runtime/equal').default;
exports.stringFormats = require('./string-formats.ts').stringFormats;`;

/**
 * Builds `dist` and the third-party notices of the package for n8n into a folder: the manifest compiled to JSON, its
 * checks to code, the engine in one file, and a small file for each node and for the credential.
 */
export async function buildN8nPackage(folder: string, manifest?: string): Promise<void> {
  const { definition } = runtimeOf(await loadConnector({ manifest }));
  const dist = join(folder, 'dist');
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  mkdirSync(join(dist, 'entry'));
  const compiled = precompile(definition, './check-runtime.js');
  writeFileSync(join(dist, 'entry/definition.json'), JSON.stringify(compiled.definition));
  writeFileSync(join(dist, 'entry/checks.js'), compiled.checks);
  const runtime = await build({
    ...common,
    stdin: { contents: checkRuntime, resolveDir: join(root, 'src/validation') },
    outfile: join(dist, 'entry/check-runtime.js'),
  });
  const engine = await build({
    ...common,
    entryPoints: [join(source, 'entry/n8n-context.ts')],
    outdir: join(dist, 'entry'),
    plugins: [keepExternal('checks', 'definition')],
  });
  await build({
    ...common,
    entryPoints: globSync('{nodes,credentials}/**/*.ts', { cwd: source }).map((file) => join(source, file)),
    outbase: source,
    outdir: dist,
    plugins: [keepExternal('n8n-context')],
  });
  copyBesideNodes(dist);
  // The sources are modules; what is built is CommonJS, as n8n requires it.
  writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const bundled = [runtime, engine].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), collectThirdPartyNotices(root, bundled));
}

/** Copies the icons, and the files with the words by which n8n's editor finds a node. */
function copyBesideNodes(dist: string): void {
  for (const file of globSync('{nodes,credentials}/**/*.{svg,json}', { cwd: source })) {
    const copy = join(dist, file);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(source, file), copy);
  }
}
