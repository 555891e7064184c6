import { execFileSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { places } from './places.ts';

/** Runs a program, says so first, shows what it writes, and throws when it fails. `npm` comes to our own Node.js. */
export function run(command: string, args: readonly string[], cwd: string = places.root): void {
  process.stdout.write(`$ ${[command, ...args].join(' ')}\n`);
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync(command, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH },
  });
}
