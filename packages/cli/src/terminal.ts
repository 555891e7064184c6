import { styleText } from 'node:util';
import { removeControls, toPrintableJson } from 'dynamics365-connector/host';

type Style = Parameters<typeof styleText>[0];

/** The output of a command: results go to stdout, progress and notes go to stderr. */
export interface Terminal {
  /** `--json`: results are JSON. */
  readonly json: boolean;
  /** Stdout is a terminal and results are not JSON: tables and color are allowed. */
  readonly interactive: boolean;
  /** Characters in a line of stdout; Infinity if stdout is not a terminal. */
  readonly width: number;
  /** Prints lines. Control characters are removed, except those of `style`: they could drive the terminal. */
  print(text: string): void;
  /** Prints a value as one line of JSON, with control characters as escapes. */
  printJson(value: unknown): void;
  printNote(text: string): void;
  /** Text in a style, if stdout supports color. */
  style(style: Style, text: string): string;
  /** Runs `work`, and shows a spinner with `text` on stderr if it takes longer than 300 ms. */
  withSpinner<T>(text: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
}

/** The streams of the process, or those of a test. */
export interface TerminalStreams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The width of a terminal that does not tell its own. */
const defaultWidth = 80;

/** Creates a terminal over two streams. Color follows NO_COLOR, FORCE_COLOR and whether stdout is a terminal. */
export function createTerminal(streams: TerminalStreams, options: { readonly json: boolean }): Terminal {
  const isTerminal = streams.stdout.isTTY === true;
  const print = (text: string) => void streams.stdout.write(`${toSafeText(text)}\n`);
  return {
    json: options.json,
    interactive: isTerminal && !options.json,
    width: isTerminal ? streams.stdout.columns || defaultWidth : Number.POSITIVE_INFINITY,
    print,
    printJson: (value) => print(toPrintableJson(value)),
    printNote: (text) => void streams.stderr.write(`${toSafeText(text)}\n`),
    style: (style, text) => styleText(style, text, { stream: streams.stdout as never }),
    withSpinner: (text, work) => runWithSpinner(streams.stderr, text, work),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of `styleText` begin with Escape.
const colorSequence = /(\u001b\[(?:0|1|2|22|3[1-6]|39)m)/;

/** Text without control characters, except line breaks, tabs and colors. */
function toSafeText(text: string): string {
  const parts = text.split(colorSequence);
  return parts
    .map((part, index) => (index % 2 === 1 ? part : removeControls(part, { keep: '\n\t' })))
    .join('');
}

const spinnerDelayMs = 300;

async function runWithSpinner<T>(
  stream: TerminalStreams['stderr'],
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (stream.isTTY !== true) return await work(() => {});
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ text, stream: stream as NodeJS.WriteStream, handleSignals: false });
  const delayTimer = setTimeout(() => spinner.start(), spinnerDelayMs);
  // A command that says what was done ends the process itself; any other one ends here.
  const isAlone = process.listenerCount('SIGINT') === 0;
  const interrupt = () => {
    if (spinner.isSpinning) spinner.stop();
    if (isAlone) process.kill(process.pid, 'SIGINT');
  };
  process.once('SIGINT', interrupt);
  try {
    return await work((next) => {
      // A spinner that has not started would print its text, and never clear it.
      if (spinner.isSpinning) spinner.text = removeControls(next);
    });
  } finally {
    clearTimeout(delayTimer);
    process.off('SIGINT', interrupt);
    if (spinner.isSpinning) spinner.stop();
  }
}
