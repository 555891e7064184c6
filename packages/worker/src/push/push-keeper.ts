import { asConnectorError, removeRegistration, toLogFields } from 'dynamics365-connector/host';
import type { Subscription } from '../subscription.ts';
import { checkRoute, initialPush } from './check-route.ts';
import type { PushOptions } from './push-options.ts';
import type { PushRoute } from './push-receiver.ts';
import { groupPushed, type OpenedRoute, openRoute } from './push-routes.ts';
import { readConnectionPush, writeConnectionPush } from './push-state.ts';

/** How long a connection that fails is left alone. */
const retryAfterMs = 30_000;

/** What a connection had at its last check. */
interface KeptRoute {
  readonly opened: OpenedRoute;
  /** The ids, triggers and params of its subscriptions. */
  readonly signature: string;
  readonly checkedAtMs: number;
}

/** The options of push, with the interval of checks. */
export interface PushKeeperOptions extends PushOptions {
  readonly checkEveryMs: number;
}

/**
 * Creates the function that brings routes and registrations up to date: those of connections whose subscriptions have
 * changed, and all of them at an interval. What was registered for a connection is removed with its last subscription.
 */
export function createPushKeeper(
  options: PushKeeperOptions,
  routes: Map<string, PushRoute>,
): () => Promise<void> {
  const { subscriptions, clock, log } = options;
  const kept = new Map<string, KeptRoute>();
  const retryAt = new Map<string, number>();
  const remove = async (name: string, opened: OpenedRoute) => {
    const { connection, route } = opened;
    routes.delete(route.endpoint.id);
    // A subscription that comes back meanwhile is registered again.
    kept.set(name, { opened, signature: '', checkedAtMs: 0 });
    await removeRegistration(connection, route.endpoint).catch((error: unknown) => {
      if (!asConnectorError(error).retryable) kept.delete(name);
      throw error;
    });
    kept.delete(name);
  };
  return async () => {
    const groups = groupPushed(subscriptions);
    const work = [
      ...[...kept]
        .filter(([name]) => !groups.has(name))
        .map(([name, { opened }]) => [name, () => remove(name, opened)] as const),
      ...[...groups].map(
        ([name, pushed]) => [name, () => refresh(options, { routes, kept }, [name, pushed])] as const,
      ),
    ];
    for (const [name, run] of work) {
      if (clock.now() < (retryAt.get(name) ?? 0)) continue;
      await run().catch((error: unknown) => {
        retryAt.set(name, clock.now() + retryAfterMs);
        log({ level: 'error', event: 'push.failed', fields: { connection: name, ...toLogFields(error) } });
      });
    }
  };
}

interface KeeperState {
  readonly routes: Map<string, PushRoute>;
  readonly kept: Map<string, KeptRoute>;
}

async function refresh(
  options: PushKeeperOptions,
  { routes, kept }: KeeperState,
  [name, pushed]: readonly [name: string, pushed: readonly Subscription[]],
): Promise<void> {
  const { connections, address, clock, checkEveryMs } = options;
  const connection = connections.get(name);
  if (connection === undefined) return;
  const signature = JSON.stringify(pushed.map(({ id, trigger, params }) => [id, trigger, params]));
  const known = kept.get(name);
  const isSame = known?.signature === signature && known.opened.connection === connection;
  const ageMs = clock.now() - (known?.checkedAtMs ?? 0);
  if (isSame && ageMs >= 0 && ageMs < checkEveryMs) return;
  const opened = isSame
    ? known.opened
    : await openRoute(connection, name, { subscriptions: pushed, address }).catch(async (error: unknown) => {
        await storeProblem(options, name, error);
        throw error;
      });
  routes.set(opened.route.endpoint.id, opened.route);
  kept.set(name, { opened, signature, checkedAtMs: clock.now() });
  await check(options, opened, { isFirst: known === undefined });
}

/** Stores why the webhooks of a connection cannot be received, for the status. */
async function storeProblem({ store, clock }: PushOptions, name: string, error: unknown): Promise<void> {
  const { code, message, advice } = asConnectorError(error);
  const before = await readConnectionPush(store.state, name);
  const known = before ?? initialPush(clock.now());
  const problem = `${code} ${message} ${advice}`;
  await writeConnectionPush(store.state, name, { ...known, checkedAtMs: clock.now(), problem });
}

/** Checks a connection. What changed while its webhooks were not sent or received is looked for at once. */
async function check(
  { store, clock, log }: PushOptions,
  opened: OpenedRoute,
  { isFirst }: { readonly isFirst: boolean },
): Promise<void> {
  const { connection: name, feeds } = opened.route;
  const before = await readConnectionPush(store.state, name);
  const { state, lostTables, isRepaired } = await checkRoute(opened, before, { clock, log });
  await writeConnectionPush(store.state, name, state);
  const tables = isFirst || isRepaired || state.problem !== before?.problem ? [...feeds.keys()] : lostTables;
  await store.wake(tables.flatMap((table) => feeds.get(table)?.subscriptions ?? []));
}
