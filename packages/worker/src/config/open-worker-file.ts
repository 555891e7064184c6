import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { parseDurationMs } from 'dynamics365-connector/authoring';
import {
  type AnyConnector,
  type Connection,
  openConnection,
  requireOperation,
  runtimeOf,
} from 'dynamics365-connector/host';
import { type ConnectionStore, connectionFromEnv } from 'dynamics365-connector/node';
import { loadHandlerDelivery } from '../delivery/event-handler.ts';
import { createStdoutDelivery } from '../delivery/stdout.ts';
import { createWebhookDelivery } from '../delivery/webhook.ts';
import type { ConnectionsByName } from '../poller.ts';
import type { DeliverEvent, Subscription } from '../subscription.ts';
import { checkWorkerFile } from './check-worker-file.ts';
import type { ConnectionYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** What a worker file refers to. */
export interface WorkerEnvironment {
  readonly connector: AnyConnector;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives the lines of `deliver: { stdout: true }`. */
  readonly stdout: NodeJS.WritableStream;
  readonly savedConnections: Pick<ConnectionStore, 'open'>;
}

/** The connections and subscriptions of a worker file, ready for `createPoller` and `runWorker`. */
export interface OpenedWorkerFile {
  readonly connections: ConnectionsByName;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
}

const defaultMaxAttempts = 20;

/**
 * Opens the connections and deliveries of a worker file. Sends no request.
 *
 * @throws ConnectorError SETTING_INVALID with all diagnostics of the file
 */
export async function openWorkerFile(
  file: string,
  environment: WorkerEnvironment,
): Promise<OpenedWorkerFile> {
  const settings = await readWorkerFile(file, environment);
  const connections = new Map<string, Connection>();
  for (const [name, yaml] of Object.entries(settings.connections))
    connections.set(name, await openWorkerConnection(yaml, environment));
  const subscriptions = new Map<string, Subscription>();
  const folder = dirname(resolve(file));
  for (const [id, yaml] of Object.entries(settings.subscriptions))
    subscriptions.set(id, await toSubscription(id, yaml, { ...environment, folder }));
  return { connections, subscriptions };
}

async function readWorkerFile(file: string, { connector, env }: WorkerEnvironment): Promise<WorkerFile> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
  const { definition, validator } = runtimeOf(connector);
  const { settings, diagnostics } = checkWorkerFile(file, text, { definition, validator, env });
  if (settings !== undefined) return settings;
  const count = diagnostics.length === 1 ? 'one error' : `${diagnostics.length} errors`;
  throw new ConnectorError('SETTING_INVALID', `${file} has ${count}.`, {
    diagnostics,
    advice: 'Correct the lines above. docs/worker.md describes the file.',
  });
}

async function openWorkerConnection(
  yaml: ConnectionYaml,
  { connector, env, savedConnections }: WorkerEnvironment,
): Promise<Connection> {
  if ('env' in yaml) {
    const { settings, credential } = connectionFromEnv(env, yaml.env);
    return openConnection(runtimeOf(connector), settings, credential);
  }
  const { saved, credential, options } = await savedConnections.open(yaml.saved);
  return openConnection(runtimeOf(connector), saved.settings, credential, options);
}

async function toSubscription(
  id: string,
  yaml: SubscriptionYaml,
  environment: WorkerEnvironment & { readonly folder: string },
): Promise<Subscription> {
  const { connection, trigger, params = {}, maxAttempts = defaultMaxAttempts, every } = yaml;
  const { triggers } = runtimeOf(environment.connector).definition;
  const { watch } = requireOperation('trigger', triggers, trigger);
  return {
    id,
    connection,
    trigger,
    params,
    maxAttempts,
    everyMs: every === undefined ? watch.intervalMs : parseDurationMs(every),
    from: yaml.from,
    ignoreChangesBy: yaml.ignoreChangesBy,
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
  const { send, clock } = runtimeOf(connector).services;
  return createWebhookDelivery({ url, secret: new Secret(env[secret.env] ?? ''), send, clock });
}
