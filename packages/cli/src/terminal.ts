import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The output of a command: results go to stdout, progress and notes go to stderr. */
export interface Terminal {
  /** `--json`: results are JSON. */
  readonly json: boolean;
  /** Stdout is a terminal and results are not JSON: tables and color are allowed. */
  readonly interactive: boolean;
  /** Characters in a line of stdout; Infinity if stdout is not a terminal. */
  readonly width: number;
  print(text: string): void;
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

/** Creates a terminal over two streams. Color follows NO_COLOR, FORCE_COLOR and whether stdout is a terminal. */
export function createTerminal(streams: TerminalStreams, options: { readonly json: boolean }): Terminal {
  const interactive = streams.stdout.isTTY === true && !options.json;
  return {
    json: options.json,
    interactive,
    width: streams.stdout.columns || Number.POSITIVE_INFINITY,
    print: (text) => void streams.stdout.write(`${text}\n`),
    printNote: (text) => void streams.stderr.write(`${text}\n`),
    style: (style, text) => styleText(style, text, { stream: streams.stdout as never }),
    withSpinner: (text, work) => runWithSpinner(streams.stderr, text, work),
  };
}

const spinnerDelayMs = 300;

async function runWithSpinner<T>(
  stream: TerminalStreams['stderr'],
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (stream.isTTY !== true) return await work(() => {});
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ text, stream: stream as NodeJS.WriteStream });
  const delayTimer = setTimeout(() => spinner.start(), spinnerDelayMs);
  try {
    return await work((next) => {
      spinner.text = next;
    });
  } finally {
    clearTimeout(delayTimer);
    spinner.stop();
  }
}
