import { PassThrough } from 'node:stream';
import { createProgram } from '../src/program.ts';
import type { CliResult } from './run-cli.ts';

/** Runs `d365 ...` in this process: for commands that read and write files only. Starting a process takes longer. */
export async function runProgram(args: readonly string[]): Promise<CliResult> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await createProgram({ stdout, stderr }).run(args);
  return { exitCode, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
