import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
