/**
 * Changes a source file in one place at a time, and runs its tests, which must fail: `npm run mutants`. Prints the mutants
 * that no test notices. `ONLY=retry` chooses files.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findMutants, type Mutant } from './find-mutants.ts';
import { targets } from './targets.ts';

const root = join(import.meta.dirname, '../..');
const hook = pathToFileURL(join(import.meta.dirname, 'mutate-source.ts')).href;
/** A mutant that never ends is noticed. */
const timeout = 120_000;

function passes(file: string, tests: readonly string[], mutant?: Mutant): boolean {
  const url = pathToFileURL(join(root, file)).href;
  const MUTANT = mutant === undefined ? undefined : JSON.stringify({ url, ...mutant });
  const env = { ...process.env, NODE_OPTIONS: `--import=${hook}`, ...(MUTANT !== undefined && { MUTANT }) };
  const flags = ['--bail', '--retries', '0', '--reporter', 'dot'];
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  return spawnSync(process.execPath, [mocha, ...flags, ...tests], { cwd: root, env, timeout }).status === 0;
}

console.log('| source | mutants | noticed |\n|---|---|---|');
const survivors: string[] = [];
let [all, noticed] = [0, 0];
for (const { file, tests } of targets.filter((each) => each.file.includes(process.env.ONLY ?? ''))) {
  if (!passes(file, tests)) throw new Error(`The tests of ${file} fail without a mutant.`);
  const source = readFileSync(join(root, file), 'utf8');
  const mutants = findMutants(source);
  const alive = mutants.filter((mutant) => passes(file, tests, mutant));
  survivors.push(...alive.map((mutant) => describe(file, source, mutant)));
  all += mutants.length;
  noticed += mutants.length - alive.length;
  console.log(`| ${file} | ${mutants.length} | ${mutants.length - alive.length} |`);
}
console.log(`| **all** | **${all}** | **${noticed} (${((100 * noticed) / all).toFixed(1)} %)** |`);
console.log(['', ...survivors].join('\n'));

function describe(file: string, source: string, { start, end, text }: Mutant): string {
  const line = source.slice(0, start).split('\n').length;
  return `${file}:${line}: ${source.slice(start, end).trim()} -> ${text.trim()}`;
}
