import { ConnectorError, type HttpSender, type Secret } from 'dynamics365-connector';
import {
  type AnyConnector,
  type Connection,
  checkInput,
  requireOperation,
  runtimeOf,
} from 'dynamics365-connector/host';
import {
  defaultPushEveryMs,
  openWebhookSubscription,
  type Subscription,
  type WorkerStore,
} from 'dynamics365-connector-worker';
import type { ClientPool } from '../client-pool.ts';
import {
  type ApiSubscription,
  type NewSubscription,
  parseSubscription,
  type StoredSubscriptions,
} from './stored-subscriptions.ts';

/** The subscriptions of the API. The worker of each process runs those of all processes that share the store. */
export interface Subscriptions {
  readonly workerStore: WorkerStore;
  /** For `runWorker`: those of the worker file, and those of the API. */
  readonly running: ReadonlyMap<string, Subscription>;
  /** For `createPoller`. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Returns the secret that signs the webhooks. It cannot be read again. */
  create(
    subscription: NewSubscription,
  ): Promise<{ readonly stored: ApiSubscription; readonly secret: Secret }>;
  find(id: string): Promise<ApiSubscription | undefined>;
  list(): Promise<readonly ApiSubscription[]>;
  /** Changes the address. The signing secret stays. */
  redirect(id: string, url: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Takes over what other processes have changed. */
  refresh(): Promise<void>;
}

export interface SubscriptionServices {
  readonly connector: AnyConnector;
  readonly stored: StoredSubscriptions;
  readonly workerStore: WorkerStore;
  readonly clients: ClientPool;
  /** Sends the webhooks. */
  readonly send: HttpSender;
  /** The subscriptions and connections of a worker file that the same process runs. */
  readonly fromFile?: {
    readonly subscriptions: ReadonlyMap<string, Subscription>;
    readonly connections: ReadonlyMap<string, Connection>;
  };
}

/** Opens the stored subscriptions. Call `refresh` before the worker starts, and then every few seconds. */
export function openSubscriptions(services: SubscriptionServices): Subscriptions {
  const { connector, stored, workerStore } = services;
  const live = createLiveSubscriptions(services);
  return {
    workerStore,
    ...live,
    async create(settings) {
      const { definition, validator } = runtimeOf(connector);
      const trigger = requireOperation('trigger', definition.triggers, settings.trigger);
      const params = checkInput(validator, trigger, settings.params);
      if (settings.push === true && trigger.watch.due !== undefined)
        throw new ConnectorError(
          'INPUT_INVALID',
          `"push": no webhook tells that a deadline of ${trigger.id} has passed.`,
        );
      const created = await stored.create({ ...settings, params });
      await live.refresh();
      return created;
    },
    find: stored.find,
    list: async () =>
      [...(await stored.readTexts()).values()].flatMap((text) => parseSubscription(text) ?? []),
    async redirect(id, url) {
      await stored.redirect(id, url);
      await live.refresh();
    },
    async remove(id) {
      await stored.remove(id);
      await live.refresh();
      await workerStore.deleteEvents(id);
    },
  };
}

/**
 * What the worker calls a saved connection: a worker file may use the same name for another organization, which the owner
 * of an API key must not reach.
 */
const workerName = (connection: string) => `api/${connection}`;

/** Keeps the subscriptions and connections of the worker equal to what is stored. */
function createLiveSubscriptions(
  services: SubscriptionServices,
): Pick<Subscriptions, 'running' | 'connections' | 'refresh'> {
  const { connector, stored, workerStore, fromFile } = services;
  const { log } = runtimeOf(connector).services;
  const running = new Map<string, Subscription>(fromFile?.subscriptions);
  const connections = new Map<string, Connection>(fromFile?.connections);
  let known: ReadonlyMap<string, string> | undefined;
  const refresh = async () => {
    const texts = await stored.readTexts();
    const names = new Set([...texts.values()].flatMap((text) => parseSubscription(text)?.connection ?? []));
    for (const name of names) await openConnection(services, connections, name);
    const before = known ?? new Map<string, string>();
    const changed = [...texts].filter(([id, text]) => before.get(id) !== text);
    const removed = [...before.keys()].filter((id) => !texts.has(id));
    if (known !== undefined && changed.length === 0 && removed.length === 0) return;
    for (const id of removed) running.delete(id);
    for (const [id, text] of changed) {
      const subscription = parseSubscription(text);
      const opened = subscription && (await openStored(services, subscription));
      if (opened === undefined) running.delete(id);
      else running.set(id, opened);
      if (subscription === undefined)
        log({ level: 'error', event: 'service.subscription-unreadable', fields: { subscription: id } });
    }
    known = texts;
    const all = [...running.values()].filter(({ id }) => texts.has(id));
    await workerStore.syncSubscriptions(all, 'api');
  };
  return { running, connections, refresh };
}

async function openStored(
  { connector, stored, send }: SubscriptionServices,
  { owner: _owner, createdAt: _createdAt, push: hasPush, ...settings }: ApiSubscription,
): Promise<Subscription | undefined> {
  const secret = await stored.readSecret(settings.id);
  const connection = workerName(settings.connection);
  const push = hasPush === true ? { everyMs: defaultPushEveryMs } : undefined;
  const given = { ...settings, connection, send, push, origin: 'api', mayLackTrigger: true } as const;
  return secret && openWebhookSubscription(connector, { ...given, secret });
}

/** Opens the connection of a subscription. If it does not exist, its polls fail, and the status says so. */
async function openConnection(
  { clients }: SubscriptionServices,
  connections: Map<string, Connection>,
  name: string,
): Promise<void> {
  const pooled = await clients.open(name).catch(() => undefined);
  if (pooled === undefined) connections.delete(workerName(name));
  else connections.set(workerName(name), pooled.connection);
}
