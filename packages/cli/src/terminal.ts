import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where the CLI prints: results to `out`, everything for people's eyes only (progress, notes) to `note`. */
export interface Terminal {
  /** Results are wanted as JSON. */
  readonly json: boolean;
  /** A person is watching stdout: tables and color are welcome. */
  readonly interactive: boolean;
  /** Characters in a line of stdout; Infinity where nobody counts them. */
  readonly width: number;
  print(text: string): void;
  printNote(text: string): void;
  /** Text in a style, where stdout shows color. */
  style(style: Style, text: string): string;
  /** Shows `text` with a spinner on stderr while `work` runs, if it takes more than a moment. */
  withSpinner<T>(text: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Streams of the process, or a test's own. */
export interface TerminalStreams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The terminal over two streams. Color follows NO_COLOR / FORCE_COLOR and whether stdout is a terminal. */
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

async function runWithSpinner<T>(
  stream: TerminalStreams['stderr'],
  text: string,
  work: (update: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (stream.isTTY !== true) return await work(() => {});
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ text, stream: stream as NodeJS.WriteStream });
  const delayTimer = setTimeout(() => spinner.start(), 300);
  try {
    return await work((next) => {
      spinner.text = next;
    });
  } finally {
    clearTimeout(delayTimer);
    spinner.stop();
  }
}
