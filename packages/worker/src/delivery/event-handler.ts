import { pathToFileURL } from 'node:url';
import { ConnectorError, type PollItem } from 'dynamics365-connector';
import type { DeliverEvent } from '../subscription.ts';

/** What a handler learns besides the item. */
export interface EventHandlerContext {
  readonly subscription: string;
  readonly trigger: string;
  /** 1 for the first time. */
  readonly attempt: number;
  /** Aborts when the worker does not wait any longer; the event then comes again. */
  readonly signal: AbortSignal;
}

/** The default export of a handler module. When it resolves, the event has arrived; when it rejects, it comes again. */
export type EventHandler = (item: PollItem, context: EventHandlerContext) => unknown;

/** Delivers to the default export of a module. `file`: absolute. */
export async function loadHandlerDelivery(file: string): Promise<DeliverEvent> {
  const handler = await importDefaultExport(file);
  return async ({ item, ...delivery }, signal) => {
    const { subscription, trigger, attempt } = delivery;
    await handler(item, { subscription, trigger, attempt, signal });
  };
}

async function importDefaultExport(file: string): Promise<EventHandler> {
  const module = await import(pathToFileURL(file).href).catch((error: Error) => {
    throw new ConnectorError('SETTING_INVALID', `The handler ${file} cannot be loaded: ${error.message}`);
  });
  if (typeof module.default === 'function') return module.default as EventHandler;
  throw new ConnectorError('SETTING_INVALID', `The handler ${file} has no function as its default export.`);
}
