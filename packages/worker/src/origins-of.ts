import type { Subscription } from './subscription.ts';
import type { SubscriptionOrigin } from './worker-store.ts';

/** The origins of the subscriptions that a process has. */
export function originsOf(subscriptions: ReadonlyMap<string, Subscription>): readonly SubscriptionOrigin[] {
  const origins = new Set<SubscriptionOrigin>();
  for (const { origin = 'file' } of subscriptions.values()) origins.add(origin);
  return [...origins];
}
