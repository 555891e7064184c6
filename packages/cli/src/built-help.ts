import type { HelpStream } from './help-width.ts';

/**
 * Prints the text of `d365 --help` that the build wrote, without loading any command. False if there is no such text, as
 * in a clone, or if the terminal is narrower than its lines. This file imports nothing: it is all that is loaded.
 */
export function printBuiltHelp(
  stream: HelpStream & { write(text: string): unknown },
  file = new URL('help.txt', import.meta.url),
): boolean {
  try {
    const text = process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
    const { isTTY, columns = Number.POSITIVE_INFINITY } = stream;
    if (isTTY === true && text.split('\n').some(({ length }) => length > columns)) return false;
    stream.write(text);
    return true;
  } catch {
    return false;
  }
}
