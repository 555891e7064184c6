import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { paths } from '../../../scripts/paths.ts';
import type { UserFolder } from './user-folder.ts';

/** The executable of n8n. */
export const n8nProgram = join(paths.full, 'node_modules/n8n/bin/n8n');

/** The result of a command. */
export interface CommandResult {
  readonly exitCode: number;
  readonly log: string;
}

/** Runs `n8n <args>` in a user folder: `runN8nCommand(folder, 'execute', '--id=…')`. */
export function runN8nCommand({ path, env }: UserFolder, ...args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = { cwd: path, env, maxBuffer: 64_000_000 };
    execFile(process.execPath, [n8nProgram, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), log: `${stdout}${stderr}` });
    });
  });
}
