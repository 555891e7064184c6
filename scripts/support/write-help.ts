import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureCommand } from './run-command.ts';

/** Writes the text of `d365 --help` beside the program, which prints it without loading its commands. */
export function writeHelp(folder: string): void {
  const help = captureCommand(process.execPath, [join(folder, 'dist/main.js'), '--help']);
  writeFileSync(join(folder, 'dist/help.txt'), help);
}
