import type { Clock, Log } from 'dynamics365-connector';
import { toLogFields } from 'dynamics365-connector/host';

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
      log({ level: 'error', event: failureEvent, fields: { ...toLogFields(error) } });
    }
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
