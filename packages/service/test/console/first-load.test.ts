import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { buildConsole } from '../../../../scripts/support/build-console.ts';

const maxFirstLoadBytes = 200_000;
const staticImport = /(?:from|import)\s*"\.\/([\w-]+\.js)"/g;

describe('console: first load', () => {
  it('of every page, the editor too, is at most 200 KB with gzip', async () => {
    const files = await buildConsole();
    const textOf = (name: string) => new TextDecoder().decode(files.get(name));
    const withImports = (name: string, found = new Set<string>()): Set<string> => {
      if (found.has(name)) return found;
      found.add(name);
      for (const [, imported = ''] of textOf(name).matchAll(staticImport)) withImports(imported, found);
      return found;
    };
    const names = [...files.keys()];
    const main = names.find((name) => /^main-\w+\.js$/.test(name)) ?? '';
    const shell = [...withImports(main), 'index.html', ...names.filter((name) => name.endsWith('.css'))];
    const pages = names.filter((name) => /^(?!main-|chunk-)[\w-]+\.js$/.test(name));
    const sizes = pages.map((page) => {
      const loaded = [...new Set([...shell, ...withImports(page)])];
      const bytes = loaded.reduce((sum, name) => sum + gzipSync(files.get(name) ?? '').length, 0);
      return { page, bytes };
    });
    // The editor is the largest: the measure sees what is loaded.
    expect(Math.max(...sizes.map(({ bytes }) => bytes))).to.be.greaterThan(100_000);
    expect(sizes.filter(({ bytes }) => bytes > maxFirstLoadBytes)).to.deep.equal([]);
  });
});
