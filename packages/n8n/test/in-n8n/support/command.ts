import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { places } from '../../../scripts/places.ts';
import type { UserFolder } from './user-folder.ts';

/** n8n's program. */
export const program = join(places.full, 'node_modules/n8n/bin/n8n');

/** What a command of n8n came to. */
export interface Finished {
  readonly exitCode: number;
  readonly said: string;
}

/** Runs `n8n <args>` in a user folder: `n8n(folder, 'execute', '--id=…')`. */
export function n8n({ path, env }: UserFolder, ...args: readonly string[]): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: path, env, maxBuffer: 64_000_000 };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), said: `${stdout}${stderr}` });
    });
  });
}
