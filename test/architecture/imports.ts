import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** One import of a source file; both paths are relative to the root of the repo. */
export interface SourceImport {
  readonly file: string;
  /** The file that a relative specifier names; undefined for a package. */
  readonly target: string | undefined;
  readonly specifier: string;
}

const pattern =
  /(?:^|\n)\s*(?:import|export)(?:\s+type)?\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

/** The TypeScript sources of the engine and of every package, tests left out. */
export function sourceFiles(): readonly string[] {
  return globSync(
    ['src/**/*.ts', 'packages/*/src/**/*.ts', 'packages/n8n/{entry,nodes,credentials}/**/*.ts'],
    {
      cwd: root,
    },
  ).sort();
}

/** Every import and re-export of the sources, types included. */
export function sourceImports(): readonly SourceImport[] {
  return sourceFiles().flatMap((file) =>
    [...readSource(file).matchAll(pattern)].map((match) => {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      const target = specifier.startsWith('.')
        ? relative(root, join(root, dirname(file), specifier))
        : undefined;
      return { file, target, specifier };
    }),
  );
}

export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The same text without comments. */
export function readCode(file: string): string {
  return readSource(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
}
