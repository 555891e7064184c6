import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectorError, Secret } from 'dynamics365-connector';
import { createValidator, parseDurationMs, readSource } from 'dynamics365-connector/authoring';
import {
  type AnyConnector,
  type Connection,
  createClient,
  omitUndefined,
  openConnection,
  requireOperation,
  runtimeOf,
} from 'dynamics365-connector/host';
import { type ConnectionStore, connectionFromEnv } from 'dynamics365-connector/node';
import { loadHandlerDelivery } from '../delivery/event-handler.ts';
import type { DeliveryRetry } from '../delivery/retry-schedule.ts';
import { createStdoutDelivery } from '../delivery/stdout.ts';
import { createWebhookDelivery, describeWebhookTarget } from '../delivery/webhook.ts';
import { type ConnectionsByName, type FeedOptions, requireConnection } from '../poller.ts';
import type { DeliverEvent, Subscription } from '../subscription.ts';
import { watchedTableName } from '../watched-table.ts';
import { checkWorkerFile } from './check-worker-file.ts';
import { type OpenedPush, openPush, toPushSettings } from './open-push.ts';
import type { ConnectionYaml, DeliveryYaml, FeedsYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

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
  /** For `createPoller`. */
  readonly feedOptions: FeedOptions;
  /** For `runWorker`; undefined for its default. */
  readonly keepDeliveredMs: number | undefined;
  readonly keepDeadLettersMs: number | undefined;
  /** Where webhooks are received; undefined if the file does not say. */
  readonly push?: OpenedPush;
}

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
    connections.set(name, await openWorkerConnection(yaml, environment, settings.limits));
  const subscriptions = new Map<string, Subscription>();
  const folder = dirname(resolve(file));
  for (const [id, yaml] of Object.entries(settings.subscriptions))
    subscriptions.set(
      id,
      await toSubscription(id, yaml, { ...environment, folder, connections, push: settings.push }),
    );
  const toMs = (time: string | undefined) => (time === undefined ? undefined : parseDurationMs(time));
  const keepDeliveredMs = toMs(settings.keepDelivered);
  const keepDeadLettersMs = toMs(settings.keepDeadLetters);
  const push = settings.push && (await openPush(settings.push, environment.env));
  const feedOptions = toFeedOptions(settings.feeds);
  return { connections, subscriptions, feedOptions, keepDeliveredMs, keepDeadLettersMs, push };
}

/**
 * The folder of the manifest that a worker file names; undefined if it names none, or if it cannot be read as YAML, which
 * `openWorkerFile` reports.
 *
 * @throws ConnectorError SETTING_INVALID if the file cannot be read
 */
export async function readWorkerManifest(file: string): Promise<string | undefined> {
  const context = { validator: createValidator(), diagnostics: new Map() };
  const data = readSource('worker', file, await readText(file), context)?.data as
    | Partial<WorkerFile>
    | undefined;
  return typeof data?.manifest === 'string' ? resolve(dirname(file), data.manifest) : undefined;
}

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `${file} cannot be read (${error.code}).`);
  });
}

async function readWorkerFile(file: string, { connector, env }: WorkerEnvironment): Promise<WorkerFile> {
  const text = await readText(file);
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
  limits: WorkerFile['limits'],
): Promise<Connection> {
  if ('env' in yaml) {
    const { settings, credential } = connectionFromEnv(env, yaml.env);
    return openConnection(runtimeOf(connector), settings, credential, { limits });
  }
  const { saved, credential, options } = await savedConnections.open(yaml.saved);
  return openConnection(runtimeOf(connector), saved.settings, credential, { ...options, limits });
}

/** What a subscription is opened with. */
interface SubscriptionEnvironment extends WorkerEnvironment {
  /** The folder of the worker file. */
  readonly folder: string;
  readonly connections: ConnectionsByName;
  readonly push: WorkerFile['push'];
}

async function toSubscription(
  id: string,
  yaml: SubscriptionYaml,
  environment: SubscriptionEnvironment,
): Promise<Subscription> {
  const { connection, trigger, params = {}, every } = yaml;
  const { definition } = runtimeOf(environment.connector);
  const { watch } = requireOperation('trigger', definition.triggers, trigger);
  return {
    id,
    connection,
    feed: `${connection}/${watchedTableName(definition, watch, params)}`,
    trigger,
    params,
    target: describeTarget(yaml.deliver),
    retry: toRetry(yaml),
    everyMs: every === undefined ? watch.intervalMs : parseDurationMs(every),
    from: yaml.from,
    ignoreChangesBy: yaml.ignoreChangesBy,
    maxRowItems: yaml.maxRowItems,
    push: yaml.push === true ? toPushSettings(environment.push) : undefined,
    deliver: await openDelivery(yaml, environment),
  };
}

function toFeedOptions({ retention, maxEntries, overlap }: FeedsYaml = {}): FeedOptions {
  const maxAgeMs = retention === undefined ? undefined : parseDurationMs(retention);
  return {
    overlapMs: overlap === undefined ? undefined : parseDurationMs(overlap),
    retention: omitUndefined({ maxAgeMs, maxEntries }),
  };
}

function toRetry({ retryFor, maxRetryDelay, maxAttempts }: SubscriptionYaml): Partial<DeliveryRetry> {
  return omitUndefined({
    retryForMs: retryFor === undefined ? undefined : parseDurationMs(retryFor),
    maxRetryDelayMs: maxRetryDelay === undefined ? undefined : parseDurationMs(maxRetryDelay),
    maxAttempts,
  });
}

/** The name of a target in the status and the store. */
function describeTarget(deliver: DeliveryYaml): string {
  if ('handler' in deliver) return `handler ${deliver.handler}`;
  if ('stdout' in deliver) return 'stdout';
  return describeWebhookTarget(deliver.webhook.url);
}

async function openDelivery(
  { deliver, connection }: SubscriptionYaml,
  { connector, env, stdout, folder, connections }: SubscriptionEnvironment,
): Promise<DeliverEvent> {
  if ('handler' in deliver) {
    const client = createClient(requireConnection(connections, connection));
    return await loadHandlerDelivery(resolve(folder, deliver.handler), client);
  }
  if ('stdout' in deliver) return createStdoutDelivery(stdout);
  const { url, secret } = deliver.webhook;
  const { services } = runtimeOf(connector);
  return createWebhookDelivery({ ...services, url, secret: new Secret(env[secret.env] ?? '') });
}
