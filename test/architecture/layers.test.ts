import { expect } from 'chai';
import { readCode, sourceFiles, sourceImports } from './imports.ts';

/** docs/architecture.md, "Layers": an import goes to a lower number, or stays in its own folder. */
const layers: Readonly<Record<string, number>> = {
  model: 0,
  errors: 0,
  validation: 1,
  template: 1,
  odata: 1,
  manifest: 2,
  metadata: 2,
  auth: 2,
  http: 2,
  query: 3,
  run: 3.1,
  bulk: 3.2,
  files: 3.2,
  feed: 3.2,
  push: 3.25,
  handlers: 3.3,
  changeset: 3.4,
  client: 3.5,
  'host-view': 3.6,
  generated: 4,
  authoring: 4,
  node: 4.1,
  'base.ts': 2,
  'host.ts': 5,
  'index.ts': 5,
};

/** The entry points of the engine that each package may use, and the packages it may build on. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  sandbox: ['.', 'base', 'odata'].map(subpath),
  worker: ['.', 'host', 'node', 'authoring'].map(subpath),
  mirror: ['.', 'host', 'node', 'authoring'].map(subpath),
  mcp: ['.', 'host'].map(subpath),
  service: [
    // The tools of authors are loaded with the console only.
    ...['.', 'host', 'node', 'authoring'].map(subpath),
    'dynamics365-connector-mcp',
    'dynamics365-connector-worker',
  ],
  'node-red': ['.', 'host', 'node'].map(subpath),
  n8n: ['.', 'host'].map(subpath),
  activepieces: ['.', 'host'].map(subpath),
  cli: [
    ...['.', 'host', 'node', 'authoring'].map(subpath),
    'dynamics365-connector-mcp',
    'dynamics365-connector-mirror',
    'dynamics365-connector-sandbox',
    'dynamics365-connector-service',
    'dynamics365-connector-worker',
  ],
};

/** Tables of data in TypeScript may be long, and so may generated files. */
const dataTables = [
  'src/errors/error-codes.ts',
  'src/errors/entra-error-codes.ts',
  'src/errors/dataverse/service-errors.ts',
  'src/generated/operations.ts',
];

/** Libraries that one file imports, so that each can be replaced in one place. */
const oneImporter = [
  'ajv',
  'ajv-formats',
  'handlebars',
  'yaml',
  'node-fetch',
  'undici',
  'oauth4webapi',
  'oidc-provider',
  'pg',
  'pg-boss',
  'uuid',
  'saxes',
  '@modelcontextprotocol/server',
  '@opentelemetry/api',
];

function subpath(name: string): string {
  return name === '.' ? 'dynamics365-connector' : `dynamics365-connector/${name}`;
}

const folderOf = (file: string) => file.split('/')[1] ?? '';
const packageOf = (file: string) => /^packages\/([^/]+)\//.exec(file)?.[1] ?? 'engine';

describe('architecture', () => {
  const all = sourceImports();
  const engine = all.filter(({ file }) => packageOf(file) === 'engine');
  const layerOf = (file: string) => layers[folderOf(file)];

  it('every folder of the engine has a layer', () => {
    const folders = new Set(engine.map(({ file }) => folderOf(file)));
    expect([...folders].filter((folder) => !(folder in layers))).to.deep.equal([]);
  });

  it('an import of the engine goes to a lower layer or stays in its folder', () => {
    const wrong = engine.filter(({ file, target }) => {
      if (target === undefined || folderOf(file) === folderOf(target)) return false;
      const [lower, upper] = [layerOf(target), layerOf(file)];
      if (lower === undefined || upper === undefined) return true;
      // The shapes of layer 0 use one another.
      return lower >= upper && upper > 0;
    });
    expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).to.deep.equal([]);
  });

  it('a package reaches the engine and other packages through their documented entry points only', () => {
    const wrong = all.filter(({ file, target, specifier }) => {
      const here = packageOf(file);
      if (target !== undefined) return packageOf(target) !== here;
      if (!/^(dynamics365-connector|n8n-nodes-dynamics|node-red-contrib-dynamics)/.test(specifier))
        return false;
      return !allowed[here]?.includes(specifier);
    });
    expect(wrong.map(({ file, specifier }) => `${file} -> ${specifier}`)).to.deep.equal([]);
  });

  it('the sandbox takes only types from the main entry point, whose code it would load at each start', () => {
    const files = sourceFiles().filter((file) => packageOf(file) === 'sandbox');
    const loading = /^import (?!type )[^;]*? from 'dynamics365-connector';/m;
    expect(files.filter((file) => loading.test(readCode(file)))).to.deep.equal([]);
  });

  it('imports form no cycle, types included', () => {
    const targets = new Map<string, string[]>();
    for (const { file, target } of all) {
      if (target !== undefined) targets.set(file, [...(targets.get(file) ?? []), target]);
    }
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of targets.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(cycles).to.deep.equal([]);
  });

  it('no entry point exports with a wildcard', () => {
    const entries = sourceFiles().filter((file) =>
      /^(src|packages\/[^/]+\/src)\/(\w+\/)?(index|host)\.ts$/.test(file),
    );
    expect(entries.length).to.be.at.least(8);
    expect(entries.filter((file) => /export (type )?\*/.test(readCode(file)))).to.deep.equal([]);
  });

  it('each library has one importer', () => {
    for (const library of oneImporter) {
      const files = new Set(
        all
          .filter(({ specifier }) => specifier === library || specifier.startsWith(`${library}/`))
          .map(({ file }) => file),
      );
      expect([...files], library).to.have.length.at.most(1);
    }
  });

  it('layers 0 to 3 use neither Node.js modules nor process, timers, clock or random numbers', () => {
    const pure = sourceFiles().filter((file) => packageOf(file) === 'engine' && (layerOf(file) ?? 9) < 4);
    const nodeModules = engine.filter(
      ({ file, specifier }) => specifier.startsWith('node:') && pure.includes(file),
    );
    expect(nodeModules.map(({ file }) => file)).to.deep.equal([]);
    const platform =
      /\bprocess\.|\bsetTimeout\(|\bsetInterval\(|\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bBuffer\b|(?<![.\w])fetch\(/;
    expect(pure.filter((file) => platform.test(readCode(file)))).to.deep.equal([]);
  });

  it('no module keeps mutable state', () => {
    const mutable = sourceFiles().filter((file) => /^(?:export )?(?:let|var) /m.test(readCode(file)));
    expect(mutable).to.deep.equal([]);
  });

  it('no source file is longer than 300 lines', () => {
    const large = sourceFiles().filter((file) => readCode(file).split('\n').length > 300);
    expect(large.filter((file) => !dataTables.includes(file))).to.deep.equal([]);
  });
});
