/** A stream of the program, and whether it is a terminal. */
export interface HelpStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Help texts have lines of at most this length, however wide the terminal is. */
const maxHelpWidth = 80;

/** The width of help texts on a stream. */
export function helpWidthOf({ isTTY, columns = maxHelpWidth }: HelpStream): number {
  return isTTY === true ? Math.min(columns, maxHelpWidth) : maxHelpWidth;
}
