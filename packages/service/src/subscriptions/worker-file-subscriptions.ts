import type { SubscriptionStatus } from 'dynamics365-connector-worker';
import { consoleKey } from '../console/console-parts.ts';
import type { ApiKey } from '../keys/api-keys.ts';
import type { ApiSubscription } from './stored-subscriptions.ts';

/** A subscription of a worker file, in the form of one of the API. Its address is its target. */
export interface FileSubscription extends ApiSubscription {
  readonly origin: 'file';
}

/**
 * Whether a key sees the subscriptions of the worker's files: only the console of who runs the service does. A worker file
 * can use other organizations under the same names, which no API key may reach.
 */
export function seesWorkerFiles(key: ApiKey): boolean {
  return key === consoleKey;
}

/** Those of the worker's store that were not made over the API: of this process, and of other ones with the same store. */
export function listFileSubscriptions(
  statuses: Iterable<SubscriptionStatus>,
  ofApi: ReadonlySet<string>,
): readonly FileSubscription[] {
  return [...statuses]
    .filter(({ id, connection }) => !ofApi.has(id) && !connection.startsWith('api/'))
    .map(({ id, connection, trigger, target, everyMs }) => ({
      ...{ id, connection, trigger, everyMs, url: target },
      ...{ origin: 'file', owner: '', params: {}, createdAt: '' },
    }));
}

export function isFileSubscription(subscription: ApiSubscription): subscription is FileSubscription {
  return 'origin' in subscription;
}
