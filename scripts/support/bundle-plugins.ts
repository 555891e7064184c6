import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Plugin, transform } from 'esbuild';

/** `await import('./file.ts')` in our sources. */
const lazyImport = /\bimport\('(\.[^']+\.ts)'\)/g;

/**
 * Puts the modules of the engine that are loaded when they are first needed into few files. One file for each of them
 * would split all code that they share with others into dozens of files, and each file takes half a millisecond to load.
 *
 * @param groupOf the file that a module, relative to the package, belongs to
 * @param alwaysBefore the module that is loaded before those of a file; see `loadTogether`
 */
export function groupLazyModules(
  folder: string,
  groupOf: (module: string) => string,
  alwaysBefore: (group: string) => string,
): Plugin {
  const groups = new Map<string, Set<string>>();
  for (const source of globSync('src/**/*.ts', { cwd: folder })) {
    for (const [, specifier = ''] of readFileSync(join(folder, source), 'utf8').matchAll(lazyImport)) {
      const module = join(dirname(source), specifier);
      groups.set(groupOf(module), (groups.get(groupOf(module)) ?? new Set()).add(module));
    }
  }
  return {
    name: 'group-lazy-modules',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(join(folder, 'src/'))) return undefined;
        const source = readFileSync(path, 'utf8');
        const contents = source.replaceAll(lazyImport, (_, specifier: string) => {
          const module = relative(folder, join(dirname(path), specifier));
          return `import('group:${groupOf(module)}').then((group) => group[${JSON.stringify(module)}])`;
        });
        return contents === source ? undefined : { contents, loader: 'ts', resolveDir: dirname(path) };
      });
      onResolve({ filter: /^group:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'group' }));
      onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
        contents: [...(groups.get(path) ?? [])]
          .map((module) => `export * as ${JSON.stringify(module)} from ${JSON.stringify(`./${module}`)};`)
          .concat(`import './${alwaysBefore(path)}';`)
          .join('\n'),
        resolveDir: folder,
      }));
    },
  };
}

/**
 * Lets files of a package import one more module of it, relative to the package. A bundler puts modules into one file if the
 * same entry points import them. When each of these imports all that a program needs anyway, that is one file and not
 * thirty, and each file takes half a millisecond to load.
 */
export function loadTogether(folder: string, imports: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'load-together',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const module = imports[relative(folder, path)];
        if (module === undefined) return undefined;
        const contents = `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(join(folder, module))};`;
        return { contents, loader: 'ts', resolveDir: dirname(path) };
      });
    },
  };
}

/**
 * Runs a module when one of its functions is first called. Unlike `import()`, this needs no promise, so it serves code that
 * must not wait; the module may export functions only.
 */
export function runOnFirstCall(module: string): Plugin {
  const pattern = new RegExp(`import \\{ ([\\w, ]+) \\} from '(\\./${module}\\.ts)';`);
  return {
    name: 'run-on-first-call',
    setup({ onLoad }) {
      onLoad({ filter: /\/validator\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8').replace(pattern, (_, names: string, specifier: string) =>
          names
            .split(', ')
            .map((name) => `const ${name} = (...args) => require('${specifier}').${name}(...args);`)
            .join('\n'),
        );
        return { contents, loader: 'ts', resolveDir: dirname(path) };
      });
    },
  };
}

/** Minifies libraries: nobody reads them in our bundle, and a start reads all text of its files. */
export const minifyLibraries: Plugin = {
  name: 'minify-libraries',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { minify: true, target: 'node22.13' });
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * Takes modules of Node.js without importing them. An import reads all members of a module, and those of `node:http` and
 * `node:fs` load Node's own fetch and its streams: 30 ms of each start. A module is taken when one of its functions is
 * first called, or at once for a class, a constant, or the `require` of a library.
 */
export const takeNodeModules: Plugin = {
  name: 'take-node-modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) => ({
      path,
      namespace: kind === 'require-call' ? 'required-node-module' : 'node-module',
      sideEffects: false,
    }));
    onLoad({ filter: /.*/, namespace: 'node-module' }, ({ path }) => ({ contents: writeNodeModule(path) }));
    onLoad({ filter: /.*/, namespace: 'required-node-module' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Leaves HTTP/2 out of undici, which asks for it only when its option `allowH2` is set: `node:http2` takes a sixth of the
 * time of a first answer. In its place is what undici itself uses where Node.js was built without HTTP/2.
 */
export const leaveOutHttp2: Plugin = {
  name: 'leave-out-http2',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:http2$/ }, ({ importer }) =>
      importer.includes('/node_modules/undici/') ? { path: 'node:http2', namespace: 'no-http2' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'no-http2' }, () => ({
      contents: 'module.exports = { constants: {} };',
    }));
  },
};

function writeNodeModule(path: string): string {
  const members = Object.entries(process.getBuiltinModule(path) as object);
  const exports = members.flatMap(([name, value]) => {
    const isFunction = typeof value === 'function' && /^[a-z]/.test(name);
    const call = `(...args) => take().${name}(...args)`;
    const member = isFunction ? call : `/* @__PURE__ */ (() => take().${name})()`;
    return name === 'default' ? [] : [`const _${name} = ${member};`, `export { _${name} as ${name} };`];
  });
  const take = `const take = () => (taken ??= process.getBuiltinModule(${JSON.stringify(path)}));`;
  return ['let taken;', take, ...exports].join('\n');
}
