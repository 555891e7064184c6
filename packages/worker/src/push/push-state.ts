import type { StateStore } from 'dynamics365-connector';
import { isJsonObject } from 'dynamics365-connector/host';

/** What is known of the webhooks of a connection. All workers that share the store know the same. */
export interface ConnectionPush {
  /** The clock of the worker that checked last, in milliseconds. */
  readonly checkedAtMs: number;
  /** Why no webhook of the connection is relied on. */
  readonly problem?: string;
  /** The registration cannot be read with the rights of the connection. */
  readonly isUnverified?: boolean;
  /** Problems of single tables, by logical name. */
  readonly tables: Readonly<Record<string, string>>;
  /** Failed system jobs of our steps, by table. */
  readonly lost: Readonly<Record<string, number>>;
  /** Failed jobs up to this time of the organization were counted, and those of this time have these ids. */
  readonly jobs: { readonly untilMs: number; readonly ids: readonly string[] };
}

/** What webhooks have done for a feed. Written with its polls. */
export interface FeedPush {
  /** Changes since then should have been told by webhooks; the organization's time. 0 while there is a problem. */
  readonly sinceMs: number;
  readonly wakes: number;
  readonly unannounced: number;
  /** When a poll last found changes that no webhook told of, and how many; the organization's time. */
  readonly missed?: { readonly atMs: number; readonly count: number };
}

type StateReader = Pick<StateStore, 'get'>;
type StateWriter = Pick<StateStore, 'set'>;

const connectionKey = (connection: string) => `push/connection/${connection}`;
const feedKey = (feed: string) => `push/feed/${feed}`;

/** Undefined before the first check. */
export async function readConnectionPush(
  store: StateReader,
  connection: string,
): Promise<ConnectionPush | undefined> {
  return (await readJson(store, connectionKey(connection))) as ConnectionPush | undefined;
}

export async function writeConnectionPush(
  store: StateWriter,
  connection: string,
  push: ConnectionPush,
): Promise<void> {
  await store.set(connectionKey(connection), JSON.stringify(push));
}

export async function readFeedPush(store: StateReader, feed: string): Promise<FeedPush> {
  const stored = (await readJson(store, feedKey(feed))) as FeedPush | undefined;
  return stored ?? { sinceMs: 0, wakes: 0, unannounced: 0 };
}

export async function writeFeedPush(store: StateWriter, feed: string, push: FeedPush): Promise<void> {
  await store.set(feedKey(feed), JSON.stringify(push));
}

/** A text that cannot be read counts as absent: the figures begin again, and the next check writes the state. */
async function readJson(store: StateReader, key: string): Promise<unknown> {
  const entry = await store.get(key);
  if (entry === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(entry.value);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
