import {
  type FeedReadResult,
  type OpenedSubscription,
  omitUndefined,
  pushStepsOf,
} from 'dynamics365-connector/host';
import { formatDuration } from '../format-duration.ts';
import type { PushFigures } from '../subscription-status.ts';
import type { ConnectionPush, FeedPush } from './push-state.ts';

/** How late a webhook may be before its change counts as one that no webhook told of. */
export const defaultWebhookDelayMs = 60_000;

/** After a change that no webhook told of, polls keep the interval of their subscription for this time. */
const distrustMs = 900_000;

/** A read of a feed, and the subscriptions of it that have push. */
export interface PushedRead {
  readonly read: Pick<FeedReadResult, 'head' | 'entries' | 'isShort'>;
  readonly subscriptions: readonly OpenedSubscription[];
  readonly connection: ConnectionPush | undefined;
  /** Whether a webhook was received since the read before. */
  readonly isByWebhook: boolean;
  readonly webhookDelayMs: number;
}

/** What webhooks have done for a feed after one more read. */
export function nextFeedPush(stored: FeedPush, pushed: PushedRead): FeedPush {
  const { read, isByWebhook } = pushed;
  const before = isByWebhook ? { ...stored, wakes: stored.wakes + 1 } : stored;
  if (read.isShort === true) return before;
  const nowMs = read.head.readAtMs;
  if (registrationProblem(before, pushed) !== undefined) return { ...before, sinceMs: 0 };
  if (before.sinceMs === 0) return { ...before, sinceMs: nowMs };
  const count = countUnannounced(before.sinceMs, pushed);
  if (count === 0) return before;
  return { ...before, unannounced: before.unannounced + count, missed: { atMs: nowMs, count } };
}

/** The figures of a subscription for the status. */
export function toPushFigures(feed: FeedPush, pushed: PushedRead): PushFigures {
  const table = tableOf(pushed);
  const problem = registrationProblem(feed, pushed) ?? missedProblem(feed, pushed.read.head.readAtMs);
  const lost = pushed.connection?.lost[table] ?? 0;
  return omitUndefined({ wakes: feed.wakes, lost, unannounced: feed.unannounced, problem });
}

function registrationProblem({ wakes }: FeedPush, pushed: PushedRead): string | undefined {
  const { connection } = pushed;
  if (connection === undefined) return 'The webhooks are not registered yet.';
  const problem = connection.problem ?? connection.tables[tableOf(pushed)];
  if (problem !== undefined) return problem;
  if (connection.isUnverified !== true || wakes > 0) return undefined;
  return 'Nothing tells whether the webhooks are registered: the connection may not read it, and none has come yet.';
}

function missedProblem({ missed }: FeedPush, nowMs: number): string | undefined {
  if (missed === undefined || nowMs - missed.atMs >= distrustMs) return undefined;
  const changes = missed.count === 1 ? '1 change' : `${missed.count} changes`;
  return `A poll found ${changes} that no webhook told of, ${formatDuration(nowMs - missed.atMs)} ago.`;
}

function tableOf({ subscriptions }: PushedRead): string {
  return subscriptions[0]?.table.logicalName ?? '';
}

/**
 * Counts changes of a read on schedule that a webhook should have told of. A webhook that came after a change may have been
 * its own, and one that is still on its way is not missing.
 */
function countUnannounced(sinceMs: number, { read, subscriptions, webhookDelayMs }: PushedRead): number {
  const fromMs = Math.max(sinceMs, read.head.wokenAtMs ?? 0);
  const steps = pushStepsOf(subscriptions);
  const hasCreate = steps.some(({ message }) => message === 'Create');
  const update = steps.find(({ message }) => message === 'Update');
  const wireNames = new Map(
    subscriptions.flatMap(({ table }) =>
      table.columns.map((each) => [each.wireName, each.logicalName] as const),
    ),
  );
  const isWatched = (changed: readonly string[]) =>
    update !== undefined &&
    (update.columns === undefined ||
      changed.some((wireName) => update.columns?.includes(wireNames.get(wireName) ?? wireName)));
  return read.entries.filter((entry) => {
    if (entry.kind !== 'changed') return false;
    const changedMs = Math.max(entry.createdMs, entry.modifiedMs);
    if (changedMs <= fromMs || entry.atMs - changedMs < webhookDelayMs) return false;
    return entry.isNew ? hasCreate : isWatched(entry.changedColumns);
  }).length;
}
