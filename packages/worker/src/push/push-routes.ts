import { ConnectorError, type Secret } from 'dynamics365-connector';
import {
  type Connection,
  createPushEndpoint,
  isLoopbackHost,
  type OpenedSubscription,
  openSubscription,
  type PushEndpoint,
  type PushStep,
  pushStepsOf,
  requireOperation,
} from 'dynamics365-connector/host';
import type { Subscription } from '../subscription.ts';
import type { PushedFeed, PushRoute } from './push-receiver.ts';

/** The address of the receiver, and the secret from which the keys of connections are derived. */
export interface PushAddress {
  /** The public address, without query: `https://hooks.example.com/d365`. */
  readonly url: string;
  /** At least 32 characters. */
  readonly secret: Secret;
}

/** @throws SETTING_INVALID for a short secret, or an address that Dataverse cannot call */
export async function assertPushAddress({ url, secret }: PushAddress): Promise<void> {
  await createPushEndpoint(url, '', secret);
}

/** @throws SETTING_INVALID for an address of this machine, if the organization is not a sandbox of this machine */
function assertReachable({ url }: PushEndpoint, { origin }: Connection): void {
  const organization = new URL(origin);
  if (!isLoopbackHost(new URL(url).hostname) || isLoopbackHost(organization.hostname)) return;
  throw new ConnectorError(
    'SETTING_INVALID',
    `${organization.host} cannot call ${url}: it is this machine.`,
    {
      advice: 'Set the public address: `push.url` of worker.yaml, or --url of `d365 serve`.',
    },
  );
}

/** A route, and what must be registered for it. */
export interface OpenedRoute {
  readonly route: PushRoute;
  readonly connection: Connection;
  readonly steps: readonly PushStep[];
}

/** The subscriptions with push, by the names of their connections. */
export function groupPushed(
  subscriptions: ReadonlyMap<string, Subscription>,
): ReadonlyMap<string, readonly Subscription[]> {
  const groups = new Map<string, Subscription[]>();
  for (const each of subscriptions.values()) {
    if (each.push === undefined) continue;
    groups.set(each.connection, [...(groups.get(each.connection) ?? []), each]);
  }
  return groups;
}

/**
 * Finds out which tables the subscriptions of a connection watch. One that cannot be opened fails when it is polled.
 *
 * @throws SETTING_INVALID for an address that the organization cannot call
 */
export async function openRoute(
  connection: Connection,
  name: string,
  {
    subscriptions,
    address,
  }: { readonly subscriptions: readonly Subscription[]; readonly address: PushAddress },
): Promise<OpenedRoute> {
  const endpoint = await createPushEndpoint(address.url, name, address.secret);
  assertReachable(endpoint, connection);
  const feeds = new Map<string, PushedFeed>();
  const opened: OpenedSubscription[] = [];
  for (const { id, feed = id, trigger, params } of subscriptions) {
    const found = await openTable(connection, trigger, params).catch(ignoreWrongInput);
    if (found === undefined) continue;
    opened.push(found);
    const { logicalName } = found.table;
    const known = feeds.get(logicalName)?.subscriptions ?? [];
    feeds.set(logicalName, { feed, subscriptions: [...known, id] });
  }
  const route = { connection: name, endpoint, origin: connection.origin, feeds };
  return { route, connection, steps: pushStepsOf(opened) };
}

/** Any other failure must not remove the steps of a subscription. */
function ignoreWrongInput(error: unknown): undefined {
  if (!(error instanceof ConnectorError) || error.category !== 'input') throw error;
}

async function openTable(
  connection: Connection,
  trigger: string,
  params: Subscription['params'],
): Promise<OpenedSubscription> {
  return await openSubscription(
    connection,
    requireOperation('trigger', connection.definition.triggers, trigger),
    params,
  );
}
