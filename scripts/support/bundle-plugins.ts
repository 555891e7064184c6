import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** `await import('./file.ts')` in our sources. */
const lazyImport = /\bimport\('(\.[^']+\.ts)'\)/g;

/**
 * Puts the modules of the engine that are loaded when they are first needed into few files. One file for each of them
 * would split all code that they share with others into dozens of files, and each file takes half a millisecond to load.
 *
 * @param groupOf the file that a module, relative to the package, belongs to
 */
export function groupLazyModules(folder: string, groupOf: (module: string) => string): Plugin {
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
          .join('\n'),
        resolveDir: folder,
      }));
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

/**
 * Takes modules of Node.js without importing them. An import reads all members of a module, and those of `node:http` and
 * `node:fs` load Node's own fetch and its streams: 30 ms of each start.
 */
export const takeNodeModules: Plugin = {
  name: 'take-node-modules',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'node-module' }));
    onLoad({ filter: /.*/, namespace: 'node-module' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
