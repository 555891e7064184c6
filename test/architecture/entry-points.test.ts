import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');

/** `src/index.ts` checks the arguments of each function by itself, and names them. */
const entryPoints = [
  ...['src/base.ts', 'src/host.ts', 'src/node/index.ts', 'src/odata/index.ts', 'src/authoring/index.ts'],
  ...['mcp', 'mirror', 'sandbox', 'service', 'worker'].map((name) => `packages/${name}/src/index.ts`),
  'packages/mcp/src/tools.ts',
];

/** They pass on what a function of the caller throws, or convert it. */
const unguarded = new Set([
  ...['asConnectorError', 'guardFunctions', 'importOptional', 'isRejectedRequest'],
  ...['observeRequest', 'observeWork', 'oneAtATime', 'runAs'],
]);

describe('entry points', () => {
  it('export functions by guardFunctions, so that they throw a ConnectorError only', async () => {
    const found: string[] = [];
    for (const file of entryPoints) {
      const module: Readonly<Record<string, unknown>> = await import(join(root, file));
      const bare = readFileSync(join(root, file), 'utf8').matchAll(/^export \{([^}]*)\} from/gm);
      const names = [...bare].flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
      found.push(
        ...names
          .filter((name) => isFunction(module[name]) && !unguarded.has(name))
          .map((name) => `${file}: ${name}`),
      );
    }
    expect(found).to.deep.equal([]);
  });
});

const isFunction = (value: unknown): boolean =>
  typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
