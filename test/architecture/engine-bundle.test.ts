import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build } from 'esbuild';
import { leaveOutHttp2, takeNodeModules } from '../../scripts/support/bundle-plugins.ts';
import { enginePlugins } from '../../scripts/support/engine-plugins.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import { startServer } from '../node/loopback-server.ts';
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

  it('brings undici, and loads it without HTTP/2 with the first request', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'd365-undici-'));
    const server = await startServer();
    server.handle = (request, response) => response.end(request.url);
    await build({
      entryPoints: [join(root, 'src/node/undici-sender.ts')],
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      splitting: true,
      platform: 'neutral',
      format: 'esm',
      plugins: [leaveOutHttp2, takeNodeModules],
    });
    const program = `
      const { createUndiciSender } = await import(${JSON.stringify(pathToFileURL(join(folder, 'undici-sender.mjs')).href)});
      const { body } = await createUndiciSender()({ method: 'GET', url: ${JSON.stringify(server.url)}, headers: {} });
      let text = '';
      for await (const part of body) text += new TextDecoder().decode(part);
      console.log(JSON.stringify({ text, loaded: process.moduleLoadList.filter((name) => / https?2?$/.test(name)) }));
      process.exit();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    await Promise.all([server.close(), rm(folder, { recursive: true })]);
    expect(JSON.parse(stdout)).to.deep.equal({ text: '/api', loaded: ['NativeModule http'] });
  });
});
