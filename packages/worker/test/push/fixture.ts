import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogEvent, loadConnector, Secret } from 'dynamics365-connector';
import { type AnyConnector, type Connection, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { systemClock } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox, type SandboxOptions } from 'dynamics365-connector-sandbox';
import { createWorkerMetrics } from '../../src/metrics.ts';
import { createPoller } from '../../src/poller.ts';
import { createPush, type Push } from '../../src/push/create-push.ts';
import type { PushReceiver } from '../../src/push/push-receiver.ts';
import { type PushServer, servePush } from '../../src/push/push-server.ts';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import type { Subscription } from '../../src/subscription.ts';
import type { SubscriptionStatus } from '../../src/subscription-status.ts';
import { runWorker } from '../../src/worker.ts';
import { defaultWorkerLimits } from '../../src/worker-options.ts';
import type { OutboxDelivery, WorkerStore } from '../../src/worker-store.ts';

/** An organization, and a worker whose polls its webhooks wake. */
export interface PushedWorker {
  readonly sandbox: Sandbox;
  readonly connection: Connection;
  readonly store: WorkerStore;
  readonly server: PushServer;
  readonly delivered: OutboxDelivery[];
  readonly logEvents: LogEvent[];
  /** The requests of the worker to the organization since the last call: `GET incidents`. */
  takeRequests(): readonly string[];
  waitFor(isTrue: () => boolean | Promise<boolean>): Promise<void>;
  status(id: string): Promise<SubscriptionStatus>;
  close(): Promise<void>;
}

export interface PushedWorkerOptions {
  readonly subscriptions: readonly Pick<Subscription, 'id' | 'trigger'>[];
  readonly everyMs?: number;
  readonly pushEveryMs?: number;
  readonly checkEveryMs?: number;
  readonly webhookDelayMs?: number;
  readonly sandbox?: SandboxOptions;
  /** The address that the organization calls, if a proxy is between: `https://hooks.example.com/d365`. */
  readonly publicUrl?: string;
  /** Roles of the worker's user. Default: it may do everything. */
  readonly roles?: readonly string[];
  /** Privileges that its user does not have. */
  readonly withheld?: readonly string[];
}

export const pushSecret = new Secret('a secret of more than thirty-two characters');

export async function openPushedWorker(options: PushedWorkerOptions): Promise<PushedWorker> {
  const sandbox = await createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }],
    ...options.sandbox,
  });
  const person = options.roles === undefined ? sandbox.app : sandbox.user;
  if (options.roles !== undefined) sandbox.organization.setRoles(sandbox.user, options.roles);
  for (const name of options.withheld ?? []) sandbox.organization.setPrivilege(sandbox.user, name, false);
  const logEvents: LogEvent[] = [];
  const log = (event: LogEvent) => void logEvents.push(event);
  const connector: AnyConnector = await loadConnector({ log });
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken(person) }) },
    { allowLoopback: true },
  );
  const folder = mkdtempSync(join(tmpdir(), 'd365-push-'));
  const store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
  const delivered: OutboxDelivery[] = [];
  const subscriptions = new Map(
    options.subscriptions.map((each) => [each.id, toSubscription(each, options, delivered)] as const),
  );
  const metrics = createWorkerMetrics();
  let push: Push | undefined;
  const receive: PushReceiver = async (request) => (await push?.receive(request)) ?? { status: 404 };
  const server = await servePush({ host: '127.0.0.1', port: 0 }, receive);
  const address = { url: options.publicUrl ?? `${server.url}/d365`, secret: pushSecret };
  const connections = new Map([['contoso', connection]]);
  const platform = { store, metrics, clock: systemClock, log };
  const { checkEveryMs, webhookDelayMs } = options;
  push = createPush({ ...platform, address, connections, subscriptions, checkEveryMs });
  const stop = new AbortController();
  const limits = defaultWorkerLimits;
  const poll = createPoller(connections, { webhookDelayMs });
  const running = Promise.all([
    runWorker({ ...platform, subscriptions, limits, poll, random: Math.random }, stop.signal),
    push.run(stop.signal),
  ]);
  const status = async (id: string) => (await store.status()).find((each) => each.id === id)!;
  return {
    ...{ sandbox, connection, store, server, delivered, logEvents, status },
    takeRequests: () => takeRequests(sandbox),
    async waitFor(isTrue) {
      for (let count = 0; count < 1200; count++) {
        if (await isTrue()) return;
        await sleep(50);
      }
      throw new Error(`It did not happen within a minute: ${JSON.stringify(await store.status())}`);
    },
    async close() {
      stop.abort();
      await running;
      await server.close();
      await store.close();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function toSubscription(
  { id, trigger }: Pick<Subscription, 'id' | 'trigger'>,
  { everyMs = 600_000, pushEveryMs = 3_600_000 }: PushedWorkerOptions,
  delivered: OutboxDelivery[],
): Subscription {
  return {
    ...{ id, trigger, connection: 'contoso', params: {}, everyMs, push: { everyMs: pushEveryMs } },
    feed: `contoso/${trigger.startsWith('case.') ? 'incident' : 'contact'}`,
    deliver: async (delivery) => void delivered.push(delivery),
  };
}

function takeRequests({ organization }: Sandbox): readonly string[] {
  const all = organization.exchanges.list();
  organization.exchanges.clear();
  return all
    .filter(({ caller }) => caller !== undefined)
    .map(({ method, path }) => `${method} ${/v9\.2\/(\w*)/.exec(path)?.[1]}`);
}
