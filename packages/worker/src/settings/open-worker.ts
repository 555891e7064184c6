import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Connector, ConnectorError, Secret } from 'dynamics365-connector';
import { durationMs } from 'dynamics365-connector/authoring';
import { type Connection, openConnection } from 'dynamics365-connector/host';
import { connectionFromEnv, type Connections as SavedConnections } from 'dynamics365-connector/node';
import { loadHandler } from '../delivery/handler.ts';
import { createLineWriter } from '../delivery/stdout.ts';
import { createWebhook } from '../delivery/webhook.ts';
import type { ConnectionsByName } from '../poller.ts';
import type { Deliver, Subscription } from '../subscription.ts';
import { checkWorkerFile } from './check-worker-file.ts';
import type { ConnectionYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** The surroundings of a worker's file. */
export interface WorkerHome {
  readonly connector: Connector;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the lines of `deliver: { stdout: true }`. */
  readonly stdout: NodeJS.WritableStream;
  readonly saved: Pick<SavedConnections, 'open'>;
}

/** What a worker's file comes to. */
export interface OpenedWorkerFile {
  readonly connections: ConnectionsByName;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
}

const ATTEMPTS = 20;

/** Reads and checks a worker's file; SETTING_INVALID carries every fault at once. */
export async function readWorkerFile(file: string, { connector, env }: WorkerHome): Promise<WorkerFile> {
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
export async function openWorkerFile(file: string, home: WorkerHome): Promise<OpenedWorkerFile> {
  const settings = await readWorkerFile(file, home);
  const connections = new Map<string, Connection>();
  for (const [name, yaml] of Object.entries(settings.connections))
    connections.set(name, await open(yaml, home));
  const subscriptions = new Map<string, Subscription>();
  for (const [id, yaml] of Object.entries(settings.subscriptions)) {
    subscriptions.set(id, await toSubscription(id, yaml, { ...home, folder: dirname(resolve(file)) }));
  }
  return { connections, subscriptions };
}

async function open(yaml: ConnectionYaml, { connector, env, saved }: WorkerHome): Promise<Connection> {
  if ('env' in yaml) {
    const { settings, credential } = connectionFromEnv(env, yaml.env);
    return openConnection(connector, settings, credential);
  }
  const { saved: found, credential, options } = await saved.open(yaml.saved);
  return openConnection(connector, found.settings, credential, options);
}

async function toSubscription(
  id: string,
  yaml: SubscriptionYaml,
  home: WorkerHome & { readonly folder: string },
): Promise<Subscription> {
  const { connection, trigger, params = {}, attempts = ATTEMPTS, every, from, ignoreChangesBy } = yaml;
  return {
    id,
    connection,
    trigger,
    params,
    attempts,
    everyMs:
      every === undefined ? home.connector.definition.triggers[trigger]!.watch.everyMs : durationMs(every),
    ...(from === undefined ? {} : { from }),
    ...(ignoreChangesBy === undefined ? {} : { ignoreChangesBy }),
    deliver: await openDelivery(yaml, home),
  };
}

async function openDelivery(
  { deliver }: SubscriptionYaml,
  { connector, env, stdout, folder }: WorkerHome & { readonly folder: string },
): Promise<Deliver> {
  if ('handler' in deliver) return await loadHandler(resolve(folder, deliver.handler));
  if ('stdout' in deliver) return createLineWriter(stdout);
  const { url, secret } = deliver.webhook;
  return createWebhook({ url, secret: new Secret(env[secret.env] ?? ''), world: connector.world });
}
