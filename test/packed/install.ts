import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PackedPackages } from './packed-packages.ts';

/** A folder of a user who installed some of our packages. */
export interface Installation {
  readonly folder: string;
  /** Names of the installed packages, scoped ones included. */
  installedNames(): readonly string[];
  /** Runs a program in the folder with the runtime's own program on PATH; returns its standard output. */
  run(runtime: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string>;
}

/**
 * Installs packages into an empty folder that also has the programs of test/packed/programs. `specs` are tarballs and
 * `name@version`; npm runs on the given Node.js and fails where a package needs a newer one.
 */
export function installPackages(
  packed: PackedPackages,
  name: string,
  specs: readonly string[],
  node: string = process.execPath,
): Installation {
  const folder = join(packed.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  const withRuntime = (runtime: string) => [dirname(runtime), process.env.PATH].join(delimiter);
  const flags = ['--no-audit', '--no-fund', '--engine-strict', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, ...specs], {
    cwd: folder,
    env: { ...process.env, PATH: withRuntime(node) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    folder,
    installedNames: () =>
      readdirSync(join(folder, 'node_modules'))
        .filter((entry) => !entry.startsWith('.'))
        .flatMap((entry) =>
          entry.startsWith('@')
            ? readdirSync(join(folder, 'node_modules', entry)).map((one) => `${entry}/${one}`)
            : [entry],
        ),
    async run(runtime, args, env = {}) {
      const { stdout } = await promisify(execFile)(runtime, args, {
        cwd: folder,
        env: { PATH: withRuntime(runtime), HOME: folder, D365_HOME: join(folder, 'home'), ...env },
        timeout: 120_000,
      });
      return stdout;
    },
  };
}
