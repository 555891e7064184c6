import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'chai';
import { readSource, root, sourceFiles } from './imports.ts';
import { exceptions, replacedNames, replacedProse, replacedYamlKeys } from './words.ts';

const declaration =
  /^export (?:declare )?(?:abstract )?(?:interface|type|class|async function\*?|function\*?|const|enum) (\w+)/gm;

interface Declaration {
  readonly file: string;
  readonly name: string;
  readonly isType: boolean;
}

function exportedDeclarations(): readonly Declaration[] {
  return sourceFiles().flatMap((file) =>
    [...readSource(file).matchAll(declaration)].map(([text, name = '']) => ({
      file,
      name,
      isType: /^export (?:declare )?(?:abstract )?(?:interface|type|class) /.test(text),
    })),
  );
}

const isAllowed = (file: string, word: string) =>
  exceptions.some((exception) => file.startsWith(exception.path) && exception.words.includes(word));

/** Every text file that a reader meets: sources, tests, YAML and documents. */
function texts(): readonly string[] {
  return globSync(
    [
      '{src,test,examples,bench,scripts}/**/*.ts',
      'packages/*/{src,entry,nodes,credentials,test,scripts}/**/*.{ts,html}',
      'packages/*/{README.md,package.json}',
      '{actions,triggers,schemas}/**/*.yaml',
      '*.{md,yaml,json}',
      '.github/**/*.{md,yml}',
      'docs/**/*.md',
    ],
    { cwd: root, exclude: ['package-lock.json', 'src/generated/**'] },
  ).filter((file) => !file.startsWith('test/architecture/words'));
}

describe('words', () => {
  const declarations = exportedDeclarations();

  it('no exported type or class of the engine has the name of another', () => {
    const files = new Map<string, string[]>();
    for (const { file, name, isType } of declarations) {
      if (isType && file.startsWith('src/')) files.set(name, [...(files.get(name) ?? []), file]);
    }
    const twice = [...files].filter(([, paths]) => paths.length > 1);
    expect(twice.map(([name, paths]) => `${name}: ${paths.join(', ')}`)).to.deep.equal([]);
  });

  it('no exported name, file or folder uses a replaced word', () => {
    const names = declarations.map(({ file, name }) => ({ file, word: name }));
    const files = sourceFiles().flatMap((file) =>
      [basename(file, '.ts'), ...file.split('/').slice(0, -1)].map((word) => ({ file, word })),
    );
    const found = [...names, ...files].filter(
      ({ file, word }) => replacedNames.has(word) && !isAllowed(file, word),
    );
    expect(found.map(({ file, word }) => `${file}: ${word}`)).to.deep.equal([]);
  });

  it('no manifest file uses a replaced key', () => {
    const found = globSync(['connector.yaml', '{actions,triggers,schemas}/**/*.yaml'], { cwd: root }).flatMap(
      (file) => replacedYamlKeys.filter((key) => new RegExp(`^\\s*${key}:`, 'm').test(readSource(file))),
    );
    expect(found).to.deep.equal([]);
  });

  it('no text uses a replaced word or a British spelling', () => {
    const found = texts().flatMap((file) => {
      const text = readSource(file);
      return replacedProse
        .filter(({ pattern }) => pattern.test(text))
        .filter(({ word }) => !isAllowed(file, word))
        .map(({ word, instead }) => `${file}: "${word}", write "${instead}"`);
    });
    expect(found).to.deep.equal([]);
  });
});
