import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../src/main.ts');

/** What a command came to. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface RunCliOptions {
  /** Where its connections and its keys are. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from standard input. */
  readonly stdin?: string;
  /** Sees everything that was written to stderr so far: a person at the terminal. */
  readonly onStderr?: (stderr: string) => void;
}

/** Runs `d365 ...` as a process of its own, with no browser to be found. */
export async function runCli(args: readonly string[], options: RunCliOptions): Promise<CliResult> {
  const { folder, env, stdin = '', onStderr } = options;
  const child = spawn(process.execPath, [...process.execArgv, main, ...args], {
    env: { PATH: '', D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key'), ...env },
  });
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
  const [code] = await once(child, 'close');
  return { exitCode: code, stdout, stderr };
}
