/** Loads our modules anew for each mutant in one process, so that a mutant costs no start of Node.js. */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './find-mutants.ts';

/** A change of one source file. Without one, the file is loaded as it is. */
export interface LoadedMutant {
  readonly file: string;
  readonly mutant?: Mutant;
}

/** Compiled once and without state: libraries, and our manifest. */
const loadedOnce = /\/node_modules\/|\/\.cache\/|\/test\/support\/(?:own-build|fixed-seed)\.ts$/;

/**
 * Adds a number to the address of each module of ours, which then is another module. The number comes from the module that
 * imports it. The function that is returned says which mutant a number has.
 */
export function registerMutants(): (number: number, loaded: LoadedMutant) => void {
  const mutants = new Map<string, LoadedMutant>();
  const sources = new Map<string, string>();
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const number = /\?mutant=\d+$/.exec(context.parentURL ?? '');
      if (number === null || !resolved.url.startsWith('file:') || loadedOnce.test(resolved.url))
        return resolved;
      return { ...resolved, url: resolved.url.replace(/\?.*|$/, number[0]) };
    },
    load(url, context, next) {
      const [file = '', number] = url.split('?mutant=');
      if (number === undefined || !file.endsWith('.ts')) return next(url, context);
      const mutated = mutants.get(number);
      const text = readFileSync(fileURLToPath(file), 'utf8');
      if (mutated?.mutant !== undefined && file === pathToFileURL(mutated.file).href) {
        const { start, end, text: replacement } = mutated.mutant;
        const source = stripTypeScriptTypes(text.slice(0, start) + replacement + text.slice(end));
        return { format: 'module', source, shortCircuit: true };
      }
      const source = sources.get(file) ?? stripTypeScriptTypes(text);
      sources.set(file, source);
      return { format: 'module', source, shortCircuit: true };
    },
  });
  return (number, loaded) => {
    mutants.clear();
    mutants.set(String(number), loaded);
  };
}
