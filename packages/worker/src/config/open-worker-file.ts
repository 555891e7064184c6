import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Connector, ConnectorError, Secret } from 'dynamics365-connector';
import { parseDurationMs } from 'dynamics365-connector/authoring';
import { type Connection, openConnection } from 'dynamics365-connector/host';
import { connectionFromEnv, type ConnectionStore as SavedConnections } from 'dynamics365-connector/node';
import { loadHandlerDelivery } from '../delivery/event-handler.ts';
import { createStdoutDelivery } from '../delivery/stdout.ts';
import { createWebhookDelivery } from '../delivery/webhook.ts';
import type { ConnectionsByName } from '../poller.ts';
import type { DeliverEvent, Subscription } from '../subscription.ts';
import { checkWorkerFile } from './check-worker-file.ts';
import type { ConnectionYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** The surroundings of a worker's file. */
export interface WorkerEnvironment {
  readonly connector: Connector;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the lines of `deliver: { stdout: true }`. */
  readonly stdout: NodeJS.WritableStream;
  readonly savedConnections: Pick<SavedConnections, 'open'>;
}

/** What a worker's file comes to. */
export interface OpenedWorkerFile {
  readonly connections: ConnectionsByName;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
}

const defaultMaxAttempts = 20;

/** Reads and checks a worker's file; SETTING_INVALID carries every fault at once. */
export async function readWorkerFile(
  file: string,
  { connector, env }: WorkerEnvironment,
): Promise<WorkerFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
  const { settings, diagnostics } = checkWorkerFile(file, text, { ...connector, env });
  if (settings !== undefined) return settings;
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  throw new ConnectorError('SETTING_INVALID', `${file} has ${count}.`, {
    diagnostics,
    advice: 'Correct the places shown; docs/worker.md explains the file.',
  });
}

/** Opens the connections and deliveries that a worker's file names. Nothing is sent yet. */
export async function openWorkerFile(
  file: string,
  environment: WorkerEnvironment,
): Promise<OpenedWorkerFile> {
  const settings = await readWorkerFile(file, environment);
  const connections = new Map<string, Connection>();
  for (const [name, yaml] of Object.entries(settings.connections))
    connections.set(name, await openWorkerConnection(yaml, environment));
  const subscriptions = new Map<string, Subscription>();
  for (const [id, yaml] of Object.entries(settings.subscriptions)) {
    subscriptions.set(id, await toSubscription(id, yaml, { ...environment, folder: dirname(resolve(file)) }));
  }
  return { connections, subscriptions };
}

async function openWorkerConnection(
  yaml: ConnectionYaml,
  { connector, env, savedConnections }: WorkerEnvironment,
): Promise<Connection> {
  if ('env' in yaml) {
    const { settings, credential } = connectionFromEnv(env, yaml.env);
    return openConnection(connector, settings, credential);
  }
  const { saved: found, credential, options } = await savedConnections.open(yaml.saved);
  return openConnection(connector, found.settings, credential, options);
}

async function toSubscription(
  id: string,
  yaml: SubscriptionYaml,
  environment: WorkerEnvironment & { readonly folder: string },
): Promise<Subscription> {
  const {
    connection,
    trigger,
    params = {},
    maxAttempts = defaultMaxAttempts,
    every,
    from,
    ignoreChangesBy,
  } = yaml;
  return {
    id,
    connection,
    trigger,
    params,
    maxAttempts,
    everyMs:
      every === undefined
        ? environment.connector.definition.triggers[trigger]!.watch.intervalMs
        : parseDurationMs(every),
    ...(from === undefined ? {} : { from }),
    ...(ignoreChangesBy === undefined ? {} : { ignoreChangesBy }),
    deliver: await openDelivery(yaml, environment),
  };
}

async function openDelivery(
  { deliver }: SubscriptionYaml,
  { connector, env, stdout, folder }: WorkerEnvironment & { readonly folder: string },
): Promise<DeliverEvent> {
  if ('handler' in deliver) return await loadHandlerDelivery(resolve(folder, deliver.handler));
  if ('stdout' in deliver) return createStdoutDelivery(stdout);
  const { url, secret } = deliver.webhook;
  return createWebhookDelivery({ url, secret: new Secret(env[secret.env] ?? ''), world: connector.services });
}
