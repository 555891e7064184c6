import { readFileSync } from 'node:fs';

/** Help texts have lines of at most this length, however wide the terminal is. */
export const maxHelpWidth = 80;

/** A stream of the program, and whether it is a terminal. */
export interface HelpStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The width of help texts on a stream. */
export function helpWidthOf({ isTTY, columns = maxHelpWidth }: HelpStream): number {
  return isTTY === true ? Math.min(columns, maxHelpWidth) : maxHelpWidth;
}

/**
 * Prints the text of `d365 --help` that the build wrote, without loading any command. False if there is no such text, as
 * in a clone, or if the terminal is too narrow for it.
 */
export function printBuiltHelp(stream: HelpStream, file = new URL('help.txt', import.meta.url)): boolean {
  if (helpWidthOf(stream) < maxHelpWidth) return false;
  try {
    stream.write(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
