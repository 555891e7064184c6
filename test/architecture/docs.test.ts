import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import { exampleInput, exampleParams } from '../../scripts/docs/example-input.ts';
import { generatedPages } from '../../scripts/docs/generated-pages.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector } from '../../src/index.ts';

const root = join(import.meta.dirname, '../..');

describe('the documents', () => {
  it('generated pages are up to date (npm run docs)', () => {
    for (const [file, text] of Object.entries(generatedPages())) {
      expect(readFileSync(join(root, file), 'utf8') === text, file).to.equal(true);
    }
  });

  it('examples are valid inputs of their actions and triggers', async () => {
    const { definition, validator } = runtimeOf(await loadConnector());
    const examples = [
      ...Object.values(definition.actions).map((one) => [one, exampleInput(one, definition)] as const),
      ...Object.values(definition.triggers).map((one) => [one, exampleParams(one)] as const),
    ];
    const refused = examples.flatMap(([{ id, input }, example]) =>
      validator.issues(input, example).map(({ path, message }) => `${id}${path}: ${message}`),
    );
    expect(refused).to.deep.equal([]);
  });

  it('decisions are numbered without a gap, in their file names and titles', () => {
    const files = globSync('docs/decisions/*.md', { cwd: root }).sort();
    const numbers = files.map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const [, inTitle] = /^# (\d+)\. .+\n\n## Context\n/.exec(text) ?? [];
      return { inName: Number(basename(file).slice(0, 4)), inTitle: Number(inTitle) };
    });
    expect(numbers).to.deep.equal(files.map((_, index) => ({ inName: index + 1, inTitle: index + 1 })));
  });

  it('name only sources that exist', () => {
    const sources = globSync(['{src,test,scripts,bench}/**/*.ts', 'packages/*/{src,test,scripts}/**/*.ts'], {
      cwd: root,
    }).map((file) => `/${file}`);
    const documents = globSync(['docs/{architecture,performance}.md', 'docs/decisions/*.md'], { cwd: root });
    const missing = documents.flatMap((document) => {
      const names = [...readFileSync(join(root, document), 'utf8').matchAll(/`([\w./-]+\.ts)`/g)];
      return names
        .map(([, name]) => name!)
        .filter((name) => !sources.some((source) => source.endsWith(`/${name}`)))
        .map((name) => `${document}: ${name}`);
    });
    expect(missing).to.deep.equal([]);
  });

  it('have no link to a file that is not there', () => {
    const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })];
    const broken = files.flatMap((file) => {
      const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
      return links
        .map(([, link]) => link!)
        .filter((link) => !existsSync(join(root, dirname(file), link)))
        .map((link) => `${file} -> ${link}`);
    });
    expect(broken).to.deep.equal([]);
  });
});
