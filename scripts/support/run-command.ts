import { execFileSync, type StdioOptions } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '../..');

/** Runs a program, says so first, shows what it writes, and throws when it fails. `npm` comes to our own Node.js. */
export function runCommand(command: string, args: readonly string[], cwd: string = repositoryRoot): void {
  executeCommand(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** The same, but answers what the program writes instead of showing it. */
export function captureCommand(
  command: string,
  args: readonly string[],
  cwd: string = repositoryRoot,
): string {
  return executeCommand(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
}

function executeCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly stdio: StdioOptions },
): string {
  process.stdout.write(`$ ${[command, ...args].join(' ')}\n`);
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  return execFileSync(command, args, { ...options, encoding: 'utf8', env: { ...process.env, PATH } });
}
