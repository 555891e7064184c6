import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleCli } from './bundle-cli.ts';

/** The result of a command that ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a command. */
export interface CliOptions {
  /** Folder of its connections and its keys. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunCliOptions extends CliOptions {
  /** Text for standard input. */
  readonly stdin?: string;
  /** Called with everything that was written to stderr so far, as a person at the terminal would see it. */
  readonly onStderr?: (stderr: string) => void;
}

/** The command and arguments that start `d365` in a new process. */
export async function cliCommand(args: readonly string[]): Promise<{ command: string; args: string[] }> {
  return { command: process.execPath, args: [...process.execArgv, await bundleCli(), ...args] };
}

/** Starts `d365 ...` in a new process that cannot start a browser. */
export async function startCli(
  args: readonly string[],
  { folder, env }: CliOptions,
): Promise<ChildProcessWithoutNullStreams> {
  const { command, args: allArgs } = await cliCommand(args);
  return spawn(command, allArgs, { env: { PATH: '', ...cliEnvironment(folder), ...env } });
}

/** The variables that keep connections and keys in a folder of the test. */
export function cliEnvironment(folder: string): Readonly<Record<string, string>> {
  return { D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key') };
}

/** Runs `d365 ...` until it ends. */
export async function runCli(args: readonly string[], options: RunCliOptions): Promise<CliResult> {
  const { stdin = '', onStderr } = options;
  const child = await startCli(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    onStderr?.(stderr);
  });
  child.stdin.end(stdin);
  const [exitCode] = await once(child, 'close');
  return { exitCode, stdout, stderr };
}
