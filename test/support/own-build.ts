import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const cacheFolder = join(root, '.cache/definition');
/** What the definition is compiled from, the compiler included. */
const sources = ['package.json', 'connector.yaml', 'actions', 'triggers', 'schemas', 'src'];

let folder: string | undefined;

/**
 * Takes the place of `src/node/own-build.ts` in tests: our manifest is compiled once for each state of the sources,
 * because compiling it takes half a second and tests load it hundreds of times. A manifest with errors has no build, so
 * that the test which loads it reports them.
 */
export function findOwnBuild(): string {
  folder ??= compileOnce();
  return folder;
}

/** Before the first test, because a test has a time limit. Mocha calls it once, also for several processes. */
export function mochaGlobalSetup(): void {
  findOwnBuild();
}

function compileOnce(): string {
  const target = join(cacheFolder, digestSources());
  if (existsSync(target)) return target;
  rmSync(cacheFolder, { recursive: true, force: true });
  mkdirSync(cacheFolder, { recursive: true });
  const copy = mkdtempSync(join(cacheFolder, 'new-'));
  const program = join(import.meta.dirname, 'write-own-build.ts');
  try {
    execFileSync(process.execPath, ['--conditions=development', program, copy], { stdio: 'ignore' });
    renameSync(copy, target);
  } catch {
    // Another process was faster, or the manifest has errors.
    rmSync(copy, { recursive: true, force: true });
  }
  return target;
}

function digestSources(): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    hash.update(path).update(readFileSync(join(root, path)));
  };
  for (const source of sources) {
    const path = join(root, source);
    if (source.includes('.')) add(source);
    else {
      const names = readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
      for (const name of names.sort()) add(name);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
