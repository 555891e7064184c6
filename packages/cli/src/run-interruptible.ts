import {
  type ActionDefinition,
  ConnectorError,
  type JsonObject,
  type RunResult,
} from 'dynamics365-connector';
import type { OpenedClient } from './open-client.ts';
import type { Terminal } from './terminal.ts';

/** One call of an action, as `client.run` takes it. */
export interface InterruptibleCall {
  readonly action: ActionDefinition;
  readonly input: JsonObject;
  readonly options: NonNullable<Parameters<OpenedClient['client']['run']>[2]>;
}

/** The call was interrupted by Ctrl+C, after a note that says what was written. */
export const interruptedExitCode = 130;

/**
 * Runs an action. While many rows are written, Ctrl+C stops the call and prints how many rows are done and how to go on:
 * the same call with the same key writes no row twice.
 *
 * @returns undefined if the call was interrupted
 */
export async function runInterruptible(
  terminal: Terminal,
  { client }: Pick<OpenedClient, 'client'>,
  { action, input, options }: InterruptibleCall,
): Promise<RunResult | undefined> {
  if (action.handler !== 'writeMany')
    return await terminal.withSpinner(action.id, () => client.run(action.id, input, options));
  const key = options.idempotencyKey ?? crypto.randomUUID();
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop);
  let done = 0;
  try {
    return await terminal.withSpinner(action.id, (update) =>
      client.run(action.id, input, {
        ...options,
        idempotencyKey: key,
        signal: stopped.signal,
        onRows(rows) {
          done = rows;
          update(`${action.id}: ${rows} rows`);
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConnectorError) || (error.code !== 'ABORTED' && done === 0)) throw error;
    printProgress(terminal, { done, total: countRows(input), key });
    if (error.code === 'ABORTED') return undefined;
    throw error;
  } finally {
    process.off('SIGINT', stop);
  }
}

function countRows({ rows, ids }: JsonObject): number {
  const list = rows ?? ids;
  return Array.isArray(list) ? list.length : 0;
}

function printProgress(
  terminal: Terminal,
  { done, total, key }: { readonly done: number; readonly total: number; readonly key: string },
): void {
  terminal.printNote(
    `Stopped: ${done} of ${total} rows are done; requests that were on the way may be done too.`,
  );
  terminal.printNote(`To go on, repeat the command with --key ${key}. It writes no row twice.`);
}
