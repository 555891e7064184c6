import { execFileSync, type StdioOptions } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '../..');

/**
 * Runs a program, prints its command line and its output, and throws when it fails. Programs that start `node`, such as
 * npm, get the Node.js that runs this script.
 */
export function runCommand(command: string, args: readonly string[], cwd: string = repositoryRoot): void {
  executeCommand(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Runs a program as `runCommand` does, and returns its standard output instead of printing it. */
export function captureCommand(
  command: string,
  args: readonly string[],
  cwd: string = repositoryRoot,
  env: NodeJS.ProcessEnv = {},
): string {
  return executeCommand(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], env });
}

interface CommandOptions {
  readonly cwd: string;
  readonly stdio: StdioOptions;
  readonly env?: NodeJS.ProcessEnv;
}

function executeCommand(command: string, args: readonly string[], options: CommandOptions): string {
  process.stdout.write(`$ ${[command, ...args].join(' ')}\n`);
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = { ...process.env, ...options.env, PATH };
  return execFileSync(command, args, { ...options, encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
}
