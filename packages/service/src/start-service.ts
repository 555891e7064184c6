import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ConnectorError, type HttpSender, type Secret } from 'dynamics365-connector';
import {
  type AnyConnector,
  assertListenAddress,
  assertOptions,
  type OptionsRule,
  runtimeOf,
} from 'dynamics365-connector/host';
import { type ConnectionStore, usesProxy } from 'dynamics365-connector/node';
import {
  createPoller,
  createPush,
  createReread,
  createUnblock,
  defaultWorkerLimits,
  type OpenedWorkerFile,
  type Push,
  type PushAddress,
  runWorker,
  type WorkerStore,
} from 'dynamics365-connector-worker';
import { openAnswerStore } from './answers/answer-store.ts';
import { createApp } from './app.ts';
import { createClientPool } from './client-pool.ts';
import { openConnectSessions } from './connect/connect-sessions.ts';
import type { ServiceApplication } from './connect/service-application.ts';
import type { ConsoleParts } from './console/console-parts.ts';
import { type ConsoleOptions, createConsoleParts } from './console/create-console-parts.ts';
import { createDirectActions } from './direct-actions.ts';
import { type ApiKeys, openApiKeys } from './keys/api-keys.ts';
import { createServiceMetrics, type ServiceMetrics } from './service-metrics.ts';
import type { ServiceMirror } from './service-mirror.ts';
import type { ServiceParts } from './service-parts.ts';
import { createGuardedSender } from './subscriptions/guarded-sender.ts';
import { openPushSecret } from './subscriptions/push-secret.ts';
import { openStoredSubscriptions } from './subscriptions/stored-subscriptions.ts';
import { openSubscriptions, type Subscriptions } from './subscriptions/subscriptions.ts';
import { createTargetGuard, type TargetGuard } from './subscriptions/target-guard.ts';
import { compileInputChecks, warmUp } from './warm-up.ts';

/** What a service runs with. */
export interface ServiceOptions {
  readonly connector: AnyConnector;
  /** Connections, API keys, answers and sessions are in its store and vault. The connector must have the same store. */
  readonly connections: ConnectionStore;
  /** Runs the subscriptions. Without it, the service has none. */
  readonly workerStore?: WorkerStore;
  /** Subscriptions of a worker file, which the same process runs. */
  readonly workerFile?: OpenedWorkerFile;
  /** Runs in the same process; its state is at `/v1/mirror`. */
  readonly mirror?: ServiceMirror;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 9470. 0 chooses a free port. */
  readonly port?: number;
  /** The public address, if it differs: `https://connect.example.com`. */
  readonly url?: string;
  /** The app registration of Connect links whose session has none of its own. */
  readonly app?: ServiceApplication;
  /** Addresses of a sandbox on this machine. */
  readonly localAuthority?: string;
  readonly localDiscovery?: string;
  /** Host names, addresses and subnets to which webhooks may be sent although they are not public. */
  readonly allowedTargets?: readonly string[];
  /** How long delivered events are kept, in milliseconds. Default: that of the worker file, or seven days. */
  readonly keepDeliveredMs?: number;
  /** How long dead letters are kept, in milliseconds. Default: that of the worker file, or until they are deleted. */
  readonly keepDeadLettersMs?: number;
  /** How long answers of writes with an Idempotency-Key are kept, in milliseconds. Default: 24 hours. */
  readonly keepAnswersMs?: number;
  /** Default: 32 MB. */
  readonly maxBodyBytes?: number;
  /** Serves the console at `/console/` to browsers that open a link of `createConsoleLink`. */
  readonly console?: ConsoleOptions;
}

/** A running service. */
export interface Service {
  /** The address that it listens on: `http://127.0.0.1:9470`. */
  readonly listening: string;
  /** The public address. */
  readonly url: string;
  readonly keys: ApiKeys;
  /** A link that opens the console in one browser, once, within 30 minutes. Undefined without a console. */
  createConsoleLink(): string | undefined;
  /** Stops taking requests, and ends running polls and deliveries in order. */
  close(): Promise<void>;
}

export const defaultPort = 9470;
const defaultMaxBodyBytes = 32 * 1024 * 1024;

const serviceRule: OptionsRule<ServiceOptions> = {
  of: 'startService',
  types: {
    connector: 'any',
    connections: 'any',
    workerStore: 'any',
    workerFile: 'any',
    mirror: 'any',
    host: 'any',
    port: 'any',
    url: 'text',
    app: 'any',
    localAuthority: 'text',
    localDiscovery: 'text',
    allowedTargets: 'any',
    keepDeliveredMs: 'any',
    keepDeadLettersMs: 'any',
    keepAnswersMs: 'any',
    maxBodyBytes: 'any',
    console: 'any',
  },
  code: 'SETTING_INVALID',
};

/**
 * Starts the service: REST, Connect links, subscriptions and MCP on one port.
 *
 * @throws SETTING_INVALID when the port is in use
 * @example
 * const service = await startService({ connector, connections, workerStore });
 * const { key } = await service.keys.create({ name: 'helpdesk', scopes: ['actions:read'] });
 */
export async function startService(given: ServiceOptions): Promise<Service> {
  const options = assertOptions(given, serviceRule);
  const { host = '127.0.0.1', port = defaultPort } = options;
  assertListenAddress(host, port);
  // The address is known when the server listens, and the app needs it.
  let answer: RequestListener = (_, outgoing) => outgoing.writeHead(503).end();
  const server = createServer((incoming, outgoing) => answer(incoming, outgoing)).listen(port, host);
  await listening(server, port);
  const bound = `${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  const { url = `http://${bound}` } = options;
  const address = { url, hosts: [bound, bound.replace('127.0.0.1', 'localhost')] };
  const console = await openConsole(options, address);
  const parts = createParts(options, { ...address, console, pushSecret: await readPushSecret(options) });
  await parts.subscriptions?.refresh();
  await warmUp(options.connector);
  answer = createDirectActions(parts, getRequestListener(createApp(parts).fetch, { hostname: host }));
  const stop = new AbortController();
  const work = [
    keepTidy(parts, stop.signal),
    compileInputChecks(options.connector, stop.signal),
    parts.mirror?.run(stop.signal),
    ...(parts.subscriptions === undefined
      ? []
      : [
          runSubscriptions(options, { ...parts, subscriptions: parts.subscriptions }, stop.signal),
          parts.push?.run(stop.signal),
        ]),
  ];
  return {
    listening: `http://${bound}`,
    url,
    keys: parts.keys,
    createConsoleLink: () => parts.console && `${url}/console/open/${parts.console.sessions.createLink()}`,
    async close() {
      stop.abort('the service stops');
      parts.console?.close();
      server.close();
      server.closeIdleConnections();
      await Promise.all(work);
      server.closeAllConnections();
    },
  };
}

async function openConsole(
  { console, connector }: ServiceOptions,
  address: Pick<ServiceParts, 'url' | 'hosts'>,
): Promise<ConsoleParts | undefined> {
  const { clock } = runtimeOf(connector).services;
  return console && (await createConsoleParts(console, { ...address, clock }));
}

interface ServiceAddress extends Pick<ServiceParts, 'url' | 'hosts' | 'console'> {
  readonly pushSecret: Secret | undefined;
}

/** Undefined if the service runs no subscriptions. */
async function readPushSecret(options: ServiceOptions): Promise<Secret | undefined> {
  return options.workerStore && (await openPushSecret(options.connections.vault));
}

interface PushParts extends Pick<ServiceParts, 'metrics'> {
  readonly subscriptions: Subscriptions;
  readonly address: PushAddress;
}

/** Receives webhooks of organizations at `<url>/push`. */
function openPush({ connector }: ServiceOptions, { subscriptions, address, metrics: all }: PushParts): Push {
  const { clock, log } = runtimeOf(connector).services;
  const { workerStore: store, running, connections } = subscriptions;
  const { worker: metrics } = all;
  return createPush({ address, connections, subscriptions: running, store, metrics, clock, log });
}

/** Webhooks go through the proxy of the environment, as all other requests do. */
function createWebhookSender(connector: AnyConnector, guard: TargetGuard): HttpSender {
  const { send } = runtimeOf(connector).services;
  return createGuardedSender(guard, { uses: (url) => usesProxy(url, process.env), send });
}

function createParts(options: ServiceOptions, { pushSecret, ...address }: ServiceAddress): ServiceParts {
  const { connector, connections, workerStore, workerFile } = options;
  const { app, localAuthority, localDiscovery, maxBodyBytes = defaultMaxBodyBytes } = options;
  const { store, vault } = connections;
  const { clock } = runtimeOf(connector).services;
  const clients = createClientPool(connector, connections);
  const guard = createTargetGuard(options.allowedTargets);
  const stored = openStoredSubscriptions({ store, vault, clock });
  const send = createWebhookSender(connector, guard);
  const subscriptions =
    workerStore && openSubscriptions({ connector, stored, workerStore, clients, send, fromFile: workerFile });
  const metrics = createServiceMetrics();
  const pushAddress = pushSecret && { url: `${address.url}/push`, secret: pushSecret };
  return {
    ...address,
    push: pushAddress && subscriptions && openPush(options, { subscriptions, metrics, address: pushAddress }),
    ...{ connector, connections, clients, guard, app, localAuthority, localDiscovery, maxBodyBytes },
    mirror: options.mirror,
    metrics,
    keys: openApiKeys(store, clock),
    answers: openAnswerStore({ store, vault, clock, keepMs: options.keepAnswersMs }),
    sessions: openConnectSessions({ store, vault, clock }),
    subscriptions,
  };
}

async function listening(server: Server, port: number): Promise<void> {
  if (server.listening) return;
  await once(server, 'listening').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The service cannot listen on port ${port} (${code}).`, {
      advice: 'Choose another port, or 0 for any free port.',
    });
  });
}

const refreshMs = 2000;
const tidyMs = 600_000;

/** Runs the subscriptions of the API and of the worker file. */
async function runSubscriptions(
  {
    connector,
    workerFile,
    keepDeliveredMs = workerFile?.keepDeliveredMs,
    keepDeadLettersMs = workerFile?.keepDeadLettersMs,
  }: ServiceOptions,
  { subscriptions, metrics }: { readonly subscriptions: Subscriptions; readonly metrics: ServiceMetrics },
  signal: AbortSignal,
): Promise<void> {
  const { workerStore: store, running, connections } = subscriptions;
  if (workerFile !== undefined) await store.syncSubscriptions([...workerFile.subscriptions.values()]);
  const { clock, random, log, telemetry, audit } = runtimeOf(connector).services;
  const refreshing = repeat(refreshMs, () => subscriptions.refresh(), { connector, signal });
  await runWorker(
    {
      ...{ store, clock, random, log, telemetry, audit, keepDeliveredMs },
      keepDeadLettersMs,
      subscriptions: running,
      syncsSubscriptions: false,
      limits: defaultWorkerLimits,
      metrics: metrics.worker,
      poll: createPoller(connections, workerFile?.feedOptions),
      unblock: createUnblock(connections),
      reread: createReread(connections),
    },
    signal,
  );
  await refreshing;
}

/** Deletes answers and sessions that have expired. */
async function keepTidy({ answers, sessions, connector }: ServiceParts, signal: AbortSignal): Promise<void> {
  const tidy = async () => {
    while ((await answers.sweep()) > 0);
    await sessions.sweep();
  };
  await repeat(tidyMs, tidy, { connector, signal });
}

/** Repeats until the signal aborts. A failure is logged, and the next turn tries again. */
async function repeat(
  everyMs: number,
  work: () => Promise<void>,
  { connector, signal }: { readonly connector: AnyConnector; readonly signal: AbortSignal },
): Promise<void> {
  const { clock, log } = runtimeOf(connector).services;
  while (!signal.aborted) {
    await work().catch((error: Error) => {
      log({ level: 'error', event: 'service.failed', fields: { reason: error.message } });
    });
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
