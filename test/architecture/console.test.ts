import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { root } from './imports.ts';

const folder = 'packages/service/console';
const libraries =
  /^(preact|preact\/hooks|uplot(\/.*)?|@preact\/signals|@codemirror\/[\w-]+|@lezer\/highlight)$/;
const importPattern = /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\(?\s*'([^']+)'/g;

const sources = globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }).map((file) => ({
  file: file.replaceAll('\\', '/'),
  text: readFileSync(join(root, file), 'utf8'),
}));

describe('the sources of the console for the browser', () => {
  it('import their own files and the libraries of the console only: what they know comes over HTTP', () => {
    const foreign = sources.flatMap(({ file, text }) =>
      [...text.matchAll(importPattern)]
        .map(([, from, loaded]) => from ?? loaded ?? '')
        .filter((specifier) =>
          specifier.startsWith('.')
            ? relative(join(root, folder), join(root, dirname(file), specifier)).startsWith('..')
            : !libraries.test(specifier),
        )
        .map((specifier) => `${file} -> ${specifier}`),
    );
    expect(sources.length).to.be.greaterThan(8);
    expect(foreign).to.deep.equal([]);
  });

  it('write no HTML from text, and run no code from text', () => {
    const risky = /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML|\beval\(|new Function/;
    expect(sources.filter(({ text }) => risky.test(text)).map(({ file }) => file)).to.deep.equal([]);
  });

  it('have at most 300 lines in a file', () => {
    expect(sources.filter(({ text }) => text.split('\n').length > 300).map(({ file }) => file)).to.deep.equal(
      [],
    );
  });
});
