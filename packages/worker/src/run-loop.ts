import type { Clock, Log } from 'dynamics365-connector';

/** What is done again and again. */
export interface LoopOptions {
  readonly everyMs: number;
  /** Under this name a failure is logged. */
  readonly failureEvent: string;
  readonly signal: AbortSignal;
}

/**
 * Does the work again and again until the signal says stop: at once where it answers true (there is more), else
 * after a pause. A failure is logged and waited out: a database that restarts does not end a worker.
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
      const code = (error as { code?: string }).code ?? 'UNEXPECTED';
      log({ level: 'error', event: failureEvent, fields: { code } });
    }
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
