import { join, relative } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build } from 'esbuild';
import { enginePlugins } from '../../scripts/support/engine-plugins.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import { findHostGlobals } from '../support/host-globals.ts';

const root = join(import.meta.dirname, '../..');

/** What a host without Node.js bundles: checks are compiled before, the definition is data. */
const contents = `
  export { createConnector } from './src/client/connector.ts';
  export { createMemoryStore } from './src/client/memory-store.ts';`;

/** The engine in one file. */
async function bundleEngine() {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root },
    outfile: 'core.js',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'iife',
    globalName: 'core',
  });
  return { code: outputFiles[0]!.text, sources: Object.keys(metafile.inputs), outputs: metafile.outputs };
}

describe('engine bundle', () => {
  let core: Awaited<ReturnType<typeof bundleEngine>>;
  before(async () => {
    core = await bundleEngine();
  });

  it('contains no Node.js module, no code generator and no YAML parser', () => {
    expect(Object.values(core.outputs).flatMap(({ imports }) => imports)).to.deep.equal([]);
    expect(core.sources.filter((file) => /node_modules\/(ajv\/|yaml|handlebars)/.test(file))).to.deep.equal(
      [],
    );
  });

  it('uses no process, timers, file paths or new Function', () => {
    expect(findHostGlobals(core.code)).to.deep.equal([]);
  });

  it('runs with ECMAScript and web globals only', async () => {
    const { definition } = runtimeOf(await loadConnector());
    const bare = createContext({
      URL,
      TextEncoder,
      TextDecoder,
      crypto,
      structuredClone,
      AbortController,
      definition,
    });
    const plan = runInContext(
      `${core.code}
      const services = { clock: { now: () => 0 }, uuid: () => '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90', store: core.createMemoryStore() };
      const validator = { issues: () => [], withDefaults: (schema, value) => value };
      core.createConnector({ definition, validator, services }).explain('case.get', { id: services.uuid() })`,
      bare,
    );
    expect(plan.url).to.match(/\/incidents\(1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90\)/);
  });

  it('what runs an action is at most 60 KB compressed; the rest is loaded when it is first needed', async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: root },
      outdir: 'core',
      bundle: true,
      splitting: true,
      minify: true,
      write: false,
      metafile: true,
      platform: 'neutral',
      mainFields: ['module', 'main'],
      format: 'esm',
      // Into the files that the build makes of it.
      plugins: enginePlugins,
      logOverride: { 'ignored-bare-import': 'silent' },
    });
    const loaded = new Set<string>();
    const load = (output: string): void => {
      if (loaded.has(output)) return;
      loaded.add(output);
      const imports = metafile.outputs[output]?.imports ?? [];
      for (const { path, kind } of imports) if (kind === 'import-statement') load(path);
    };
    load('core/stdin.js');
    const core = outputFiles.filter(({ path }) => loaded.has(relative(process.cwd(), path)));
    expect(core.length).to.be.at.least(1);
    const sources = [...loaded].flatMap((output) => Object.keys(metafile.outputs[output]?.inputs ?? {}));
    const later =
      /^src\/(feed|bulk|files|metadata\/metadata-service|run\/stream-list|client\/organizations|handlers|errors\/dataverse|odata\/check\/check|odata\/fetchxml|odata\/batch)\/?|saxes|oauth4webapi/;
    expect(sources.filter((source) => later.test(source))).to.deep.equal([]);
    expect(gzipSync(core.map(({ text }) => text).join('')).length).to.be.at.most(60_000);
  });
});
