import { pathToFileURL } from 'node:url';
import { type Client, ConnectorError, type PollItem } from 'dynamics365-connector';
import type { DeliverEvent } from '../subscription.ts';

/** The second parameter of a handler. */
export interface EventHandlerContext {
  readonly subscription: string;
  readonly trigger: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** True if the event was a dead letter and is delivered again on request. */
  readonly replayed: boolean;
  /** A client of the subscription's connection: `ignoreChangesBy: self` knows what it writes. */
  readonly client: Client;
  /** Aborts after 25 seconds. The worker then delivers the event again later. */
  readonly signal: AbortSignal;
}

/** The default export of a handler module. If it rejects, the worker delivers the event again later. */
export type EventHandler = (item: PollItem, context: EventHandlerContext) => unknown;

/**
 * Loads a handler module and delivers events to it.
 *
 * @param file absolute path of the module
 * @param client of the subscription's connection
 * @throws ConnectorError SETTING_INVALID if the module cannot be loaded or has no function as its default export
 */
export async function loadHandlerDelivery(file: string, client: Client): Promise<DeliverEvent> {
  const handler = await importDefaultExport(file);
  return async ({ item, subscription, trigger, attempt, replay }, signal) => {
    const replayed = replay !== undefined;
    await handler(item, { subscription, trigger, attempt, replayed, client, signal });
  };
}

async function importDefaultExport(file: string): Promise<EventHandler> {
  const module = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new ConnectorError('SETTING_INVALID', `The handler ${file} cannot be loaded: ${error.message}`);
  });
  if (typeof module.default === 'function') return module.default as EventHandler;
  throw new ConnectorError(
    'SETTING_INVALID',
    `The handler ${file} must have a function as its default export.`,
  );
}
