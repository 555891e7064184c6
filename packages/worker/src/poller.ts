import { ConnectorError, type StateStore } from 'dynamics365-connector';
import {
  type Connection,
  createPrefixedStore,
  deriveItems,
  epochOf,
  type Feed,
  type FeedReadOptions,
  type FeedReadResult,
  keyPropertyOf,
  mergeNeeds,
  needsOf,
  type OpenedSubscription,
  openFeed,
  openSubscription,
  readFeed,
  requireOperation,
} from 'dynamics365-connector/host';
import { createBufferedStore } from './buffered-store.ts';
import { toFeedState } from './feed-state.ts';
import {
  defaultWebhookDelayMs,
  nextFeedPush,
  type PushedRead,
  toPushFigures,
} from './push/count-unannounced.ts';
import { readConnectionPush, readFeedPush, writeFeedPush } from './push/push-state.ts';
import { takeReceived } from './push/received-webhooks.ts';
import type { DuePoll, PollFeed, PollOutcome } from './subscription.ts';
import type { PushFigures } from './subscription-status.ts';

/** Connections by their names in the worker file. */
export type ConnectionsByName = ReadonlyMap<string, Connection>;

/** Settings of all feeds. */
export interface FeedOptions extends Pick<FeedReadOptions, 'overlapMs' | 'retention'> {
  /** How late a webhook may be before its change counts as one that no webhook told of; a minute by default. */
  readonly webhookDelayMs?: number;
}

/** A due subscription with its params filled in, or why that is not possible. */
type OpenedPoll = DuePoll & ({ readonly opened: OpenedSubscription } | { readonly error: unknown });

/**
 * Creates the function that polls triggers on these connections: it reads their table once and derives the items of
 * each subscription. Polls keep their state in the store of their input.
 */
export function createPoller(
  connections: ConnectionsByName,
  { webhookDelayMs = defaultWebhookDelayMs, ...feedOptions }: FeedOptions = {},
): PollFeed {
  return async (polls, { store, signal, isWoken }) => {
    const [first] = polls;
    if (first === undefined) return [];
    const { id, feed: name = id, connection: connectionName } = first.subscription;
    // Two connections can have the same user. Their polls are claimed separately, so each has a feed of its own.
    const prefixed = createPrefixedStore(store, `${name}/`);
    const connection = withStore(requireConnection(connections, connectionName), prefixed);
    const opened = await Promise.all(polls.map((poll) => openPoll(connection, poll)));
    const ready = opened.flatMap((poll) => ('opened' in poll ? [poll.opened] : []));
    const [firstReady] = ready;
    if (firstReady === undefined) return opened.map(toFailure);
    const { table } = firstReady;
    const needs = ready.map((each) => needsOf([each], each.table)).reduce(mergeNeeds);
    const requestId = connection.services.uuid();
    const feed = await openFeed(connection, table, { operation: `${table.name} feed`, requestId, signal });
    // A feed whose state was lost must not count its epochs from 0 again.
    const minEpoch = Math.max(...polls.map(({ checkpoint }) => epochOf(checkpoint)));
    const webhooks = await takeReceived(store, name);
    const wake = isWoken === true ? { deletedIds: webhooks.deletedIds } : undefined;
    const read = await readFeed(feed, needs, { ...feedOptions, minEpoch, wake });
    const push = await updatePush(store, {
      ...{ name, connection: connectionName, read, opened, webhookDelayMs },
      isByWebhook: webhooks.hasWebhook,
    });
    const outcomes: PollOutcome[] = [];
    for (const poll of opened) {
      const outcome = await derive(feed, read, poll);
      outcomes.push(
        'error' in outcome || poll.subscription.push === undefined ? outcome : { ...outcome, push },
      );
    }
    return outcomes;
  };
}

interface FeedPoll extends Pick<PushedRead, 'read' | 'isByWebhook' | 'webhookDelayMs'> {
  readonly name: string;
  readonly connection: string;
  readonly opened: readonly OpenedPoll[];
}

/** Counts what webhooks have done for the feed. Undefined if no subscription has push. */
async function updatePush(
  store: StateStore,
  { name, connection, opened, ...read }: FeedPoll,
): Promise<PushFigures | undefined> {
  const subscriptions = opened.flatMap((poll) =>
    'opened' in poll && poll.subscription.push !== undefined ? [poll.opened] : [],
  );
  if (subscriptions.length === 0) return undefined;
  const known = await readConnectionPush(store, connection);
  const pushed = { ...read, subscriptions, connection: known };
  const next = nextFeedPush(await readFeedPush(store, name), pushed);
  await writeFeedPush(store, name, next);
  return toPushFigures(next, pushed);
}

function withStore(connection: Connection, store: StateStore): Connection {
  return { ...connection, services: { ...connection.services, store } };
}

async function openPoll(connection: Connection, poll: DuePoll): Promise<OpenedPoll> {
  const { trigger: id, params, from, ignoreChangesBy } = poll.subscription;
  try {
    const trigger = requireOperation('trigger', connection.definition.triggers, id);
    return {
      ...poll,
      opened: await openSubscription(connection, trigger, params, { from, ignoreChangesBy }),
    };
  } catch (error) {
    return { ...poll, error };
  }
}

/** Derives the items of one subscription. What a failed derivation wrote is dropped. */
async function derive(feed: Feed, read: FeedReadResult, poll: OpenedPoll): Promise<PollOutcome> {
  if (!('opened' in poll)) return toFailure(poll);
  const { table } = poll.opened;
  const buffer = createBufferedStore(feed.services.store);
  const isolated = { ...feed, table, services: { ...feed.services, store: buffer } };
  try {
    const { items, checkpoint, hasMore } = await deriveItems(
      isolated,
      read.head,
      poll.opened,
      poll.checkpoint,
      { maxRowItems: poll.subscription.maxRowItems, resume: poll.isResumed },
    );
    await feed.services.store.writeMany(buffer.writes);
    const key = keyPropertyOf(table);
    const events = items.map((item) => ({ rowId: String(item.row[key]), item }));
    const feedState = toFeedState(read.head, needsOf([poll.opened], table));
    const newest = read.isShort === true ? read.appended : undefined;
    return { events, checkpoint, hasMore: hasMore || read.hasMore, feedState, newest };
  } catch (error) {
    return { error };
  }
}

function toFailure(poll: OpenedPoll): PollOutcome {
  return { error: 'error' in poll ? poll.error : undefined };
}

/** Returns a connection, or throws SETTING_INVALID. */
export function requireConnection(connections: ConnectionsByName, name: string): Connection {
  const connection = connections.get(name);
  if (connection !== undefined) return connection;
  throw new ConnectorError('SETTING_INVALID', `There is no connection "${name}".`);
}
