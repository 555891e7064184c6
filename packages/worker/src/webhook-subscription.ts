import type { HttpSender, JsonObject, Secret } from 'dynamics365-connector';
import { type AnyConnector, omitUndefined, requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { createWebhookDelivery, describeWebhookTarget } from './delivery/webhook.ts';
import type { Subscription } from './subscription.ts';
import { watchedTableName } from './watched-table.ts';

/** A subscription that delivers to a webhook, for a host that keeps subscriptions itself. */
export interface WebhookSubscriptionSettings
  extends Pick<
    Subscription,
    'id' | 'origin' | 'connection' | 'trigger' | 'from' | 'ignoreChangesBy' | 'push'
  > {
  readonly params?: JsonObject;
  /** Default: the interval of the trigger. */
  readonly everyMs?: number;
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: Secret;
  /** Default: the sender of the connector. */
  readonly send?: HttpSender;
  /**
   * The manifest may not have the trigger any more: then its polls fail and say so, and events that wait are delivered.
   * Default: false.
   */
  readonly mayLackTrigger?: boolean;
}

/** The interval of a subscription without a trigger. */
const defaultIntervalMs = 60_000;

/**
 * Opens a subscription for `runWorker`. Sends no request.
 *
 * @throws OPERATION_UNKNOWN for a trigger that does not exist unless it may be missing, SETTING_INVALID for a secret in another format
 */
export function openWebhookSubscription(
  connector: AnyConnector,
  { params = {}, url, secret, send, mayLackTrigger = false, ...settings }: WebhookSubscriptionSettings,
): Subscription {
  const { definition, services } = runtimeOf(connector);
  const isMissing = mayLackTrigger && !Object.hasOwn(definition.triggers, settings.trigger);
  const watch = isMissing
    ? undefined
    : requireOperation('trigger', definition.triggers, settings.trigger).watch;
  return omitUndefined({
    ...settings,
    params,
    feed: watch && `${settings.connection}/${watchedTableName(definition, watch, params)}`,
    target: describeWebhookTarget(url),
    everyMs: settings.everyMs ?? watch?.intervalMs ?? defaultIntervalMs,
    deliver: createWebhookDelivery({ ...services, url, secret, send: send ?? services.send }),
  });
}
