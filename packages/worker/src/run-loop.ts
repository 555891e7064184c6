import { type Clock, ConnectorError, type Log } from 'dynamics365-connector';

/** How a loop repeats its work. */
export interface LoopOptions {
  readonly everyMs: number;
  /** The log event of a failure. */
  readonly failureEvent: string;
  readonly signal: AbortSignal;
}

/**
 * Repeats `work` until the signal aborts: at once if it returns true (there is more to do), else after the interval.
 * A failure is logged and `work` is repeated after the interval, so that a restart of the database does not end the
 * worker.
 */
export async function runLoop(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { everyMs, failureEvent, signal }: LoopOptions,
  work: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await work()) === true) continue;
    } catch (error) {
      log({ level: 'error', event: failureEvent, fields: errorFields(error) });
    }
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}

/**
 * The code and the cause of an error for the log. The text of the server, and the messages of unexpected errors, can
 * contain values of rows, so they are left out.
 */
export function errorFields(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof ConnectorError) {
    const { code, message, details } = error;
    const { serverMessage } = details;
    return { code, reason: serverMessage ? message.replace(`: ${serverMessage}`, '') : message };
  }
  const { code = 'UNEXPECTED', name, stack } = error as Partial<NodeJS.ErrnoException>;
  const place = findPlace(stack);
  const kind = name ?? typeof error;
  return { code, reason: `an unexpected error (${kind}${place === undefined ? '' : ` at ${place}`})` };
}

/** The file and the line where an error was thrown, without its message. */
function findPlace(stack: string | undefined): string | undefined {
  return /^ {4}at .*?([\w.-]+:\d+):\d+\)?$/m.exec(stack ?? '')?.[1];
}
