import type { Checkpoint, PollResult } from '../model/plan.ts';
import { type DeriveOptions, deriveItems, readRunning } from './derive-items.ts';
import { type Feed, type FeedReadOptions, type FeedSubscription, needsOf } from './feed.ts';
import { readFeed } from './read-feed.ts';
import { type Strategy, standardStrategy } from './strategy.ts';

/**
 * Polls one trigger: reads its feed and derives its items. The host delivers the items, then saves the new checkpoint. If
 * it does not save it, the next poll returns the same items with the same ids. A first poll without `from` returns no
 * items. Triggers that are polled with the same store share the feed of their table.
 */
export async function pollTrigger(
  feed: Feed,
  subscription: FeedSubscription,
  checkpoint: Checkpoint | undefined,
  options: FeedReadOptions & Pick<DeriveOptions, 'maxRowItems' | 'resume'> = {},
  strategy: Strategy = standardStrategy,
): Promise<PollResult> {
  const place = checkpoint && readRunning(subscription, checkpoint, options);
  const needs = needsOf([subscription], feed.table);
  // The first poll finds out where the trigger starts.
  const wake = checkpoint && options.wake;
  const read = await readFeed(feed, needs, { minEpoch: place?.epoch, ...options, wake }, strategy);
  const { limits, maxRowItems, resume } = options;
  const deriveOptions = { limits, maxRowItems, resume };
  const derived = await deriveItems(feed, read.head, subscription, checkpoint, deriveOptions, strategy);
  return { ...derived, hasMore: read.hasMore || derived.hasMore };
}
