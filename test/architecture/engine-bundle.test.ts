import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';
import { findHostGlobals } from '../support/host-globals.ts';

const root = join(import.meta.dirname, '../..');

/** The engine as a host without Node would bundle it: checks are compiled before, the definition is data. */
async function bundleEngine() {
  const contents = `
    export { createConnector } from './src/client/connector.ts';
    export { createMemoryStore } from './src/client/memory-store.ts';`;
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

describe('engine bundle', function () {
  this.timeout(20_000);
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
});
