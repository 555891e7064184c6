import type { FeedHead, FeedNeeds } from 'dynamics365-connector/host';
import type { FeedState } from './subscription-status.ts';

/** What a feed does besides polling, as far as it concerns a subscription with these needs. */
export function toFeedState(
  { baseline: { walk }, rewind, epoch }: Pick<FeedHead, 'baseline' | 'rewind' | 'epoch'>,
  { columns }: Pick<FeedNeeds, 'columns'>,
): FeedState | undefined {
  if (rewind !== undefined) return { kind: 'rewound', reason: rewoundReason(epoch) };
  if (walk === undefined || !columns.some((column) => walk.columns.includes(column))) return undefined;
  return { kind: 'baselining', done: walk.done, total: walk.total };
}

function rewoundReason(epoch: number): string {
  return `The organization was restored to an earlier time (epoch ${epoch}). All rows are compared with those before.`;
}
