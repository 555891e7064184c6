import { toLogFields } from 'dynamics365-connector/host';
import { runLoop } from '../run-loop.ts';
import { createPushKeeper } from './push-keeper.ts';
import type { PushOptions } from './push-options.ts';
import { createPushReceiver, type PushReceiver, type PushRoute } from './push-receiver.ts';
import { storeReceived } from './received-webhooks.ts';
import { type CollectedWake, createWakeCollector } from './wake-collector.ts';

/** Webhooks of organizations that wake the polls of subscriptions. */
export interface Push {
  /** Answers the requests of organizations, for a server of this process. */
  readonly receive: PushReceiver;
  /** Registers the webhooks of all connections and keeps them registered, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const defaultCheckEveryMs = 300_000;
/** How often subscriptions that were added or removed are looked for. */
const refreshEveryMs = 2000;

/**
 * Connects the receiver of webhooks, their registration and the store of the worker.
 *
 * @example
 * const push = createPush({ address, connections, subscriptions, store, metrics, clock, log });
 * const server = await servePush({ host: '127.0.0.1', port: 9465 }, push.receive);
 * await Promise.all([push.run(signal), runWorker(options, signal)]);
 */
export function createPush(options: PushOptions): Push {
  const { store, metrics, clock, log, checkEveryMs = defaultCheckEveryMs } = options;
  const routes = new Map<string, PushRoute>();
  const wake = (collected: CollectedWake) =>
    wakeFeed(store, collected).catch((error: unknown) => {
      // The polls on schedule find what this webhook told of.
      log({ level: 'error', event: 'push.unsaved', fields: { ...toLogFields(error) } });
    });
  const receive = createPushReceiver({ routes, receive: createWakeCollector({ clock, wake }), clock });
  const keeper = createPushKeeper({ ...options, checkEveryMs }, routes);
  return {
    async receive(request) {
      const answer = await receive(request);
      metrics.pushRequests.add(String(answer.status));
      if (answer.reason !== undefined)
        log({
          level: 'debug',
          event: 'push.refused',
          fields: { status: answer.status, reason: answer.reason },
        });
      return answer;
    },
    run: (signal) =>
      runLoop(options, { everyMs: refreshEveryMs, failureEvent: 'push.failed', signal }, keeper),
  };
}

async function wakeFeed(
  store: PushOptions['store'],
  { feed, subscriptions, deletedIds }: CollectedWake,
): Promise<void> {
  await storeReceived(store.state, feed, deletedIds);
  await store.wake(subscriptions);
}
