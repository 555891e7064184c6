/** A worker in a process that the soak test kills. It starts when it receives its options. */
import { appendFileSync, readFileSync } from 'node:fs';
import { type ConnectorDefinition, type JsonObject, type Log, Secret } from 'dynamics365-connector';
import { createValidator } from 'dynamics365-connector/authoring';
import { createConnector, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { createNodeServices } from 'dynamics365-connector/node';
import { createWorkerMetrics } from '../../src/metrics.ts';
import { createPoller } from '../../src/poller.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-postgres-worker-store.ts';
import { createPush } from '../../src/push/create-push.ts';
import type { PushOptions } from '../../src/push/push-options.ts';
import { servePush } from '../../src/push/push-server.ts';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import type { DeliverEvent, Subscription } from '../../src/subscription.ts';
import { runWorker } from '../../src/worker.ts';
import { defaultWorkerLimits } from '../../src/worker-options.ts';
import type { WorkerStore } from '../../src/worker-store.ts';
import type { DeliveredEvent, WorkerProcessOptions } from './messages.ts';

/** The shortest one. With 50 changes a second, the default of 10 minutes would be 30,000 rows in each read. */
const overlapMs = 180_000;
const limits = { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 };

async function run(options: WorkerProcessOptions): Promise<void> {
  const services = createNodeServices();
  const connector = createConnector({
    definition: readDefinition(options.definition),
    validator: createValidator(),
    services,
    limits,
  });
  const { orgUrls, token } = options.organization;
  const getToken = () => ({ token });
  const connections = orgUrls.map((orgUrl, part) => {
    const credential = { kind: 'host', getToken } as const;
    const connection = openConnection(runtimeOf(connector), { orgUrl }, credential, { allowLoopback: true });
    return [`contoso${part}`, connection] as const;
  });
  const metrics = createWorkerMetrics();
  process.on('message', () => process.send!(metrics.toOpenMetrics()));
  const store = await openStore(options.store);
  process.send!('running');
  const { signal } = new AbortController();
  const { clock, random } = services;
  const subscriptions = createSubscriptions(options);
  const platform = { store, metrics, clock, log, subscriptions };
  const poll = createPoller(new Map(connections), { overlapMs });
  const workerLimits = { ...defaultWorkerLimits, maxPollsPerConnection: 128 };
  await Promise.all([
    runWorker({ ...platform, random, poll, limits: workerLimits }, signal),
    options.push && receiveWebhooks({ ...platform, connections: new Map(connections) }, options.push.port),
  ]);
}

const log: Log = ({ level, event, fields }) => {
  // The test itself ends the database.
  if (level === 'error' && fields.code !== 'STORE_FAILED')
    process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
};

/** One worker at a time has the port; another one takes it over when that one is killed. */
async function receiveWebhooks(options: Omit<PushOptions, 'address'>, port: number): Promise<void> {
  const secret = new Secret('a secret of more than thirty-two characters');
  const address = { url: `http://127.0.0.1:${port}/d365`, secret };
  const push = createPush({ ...options, address, checkEveryMs: 10_000 });
  const running = push.run(new AbortController().signal);
  while ((await servePush({ host: '127.0.0.1', port }, push.receive).catch(() => undefined)) === undefined)
    await options.clock.sleep(200);
  await running;
}

async function openStore(location: WorkerProcessOptions['store']): Promise<WorkerStore> {
  if ('file' in location) return openSqliteWorkerStore(location.file, location);
  return await openPostgresWorkerStore(location.postgres);
}

/** The subscriptions of each consumer, and one for the deletions of each feed. */
function createSubscriptions({
  organization: { owners, orgUrls, reportsDeletions },
  everyMs,
  push,
  deliveriesFile,
}: WorkerProcessOptions): ReadonlyMap<string, Subscription> {
  const deliver: DeliverEvent = async ({ subscription, item }) => {
    const event: DeliveredEvent = { subscription, item: { ...item, row: { id: String(item.row.id) } } };
    appendFileSync(deliveriesFile, `${JSON.stringify(event)}\n`);
  };
  const create = (
    id: string,
    trigger: string,
    { index, params = {} }: { index: number; params?: JsonObject },
  ) => {
    const connection = `contoso${index % orgUrls.length}`;
    const feed = `${connection}/case`;
    // Each consumer has a target of its own, which gets the events of a row one after another.
    const target = `consumer-${index}`;
    return {
      ...{ id, connection, feed, target, trigger, params, everyMs, deliver },
      push: push && { everyMs: push.everyMs },
    };
  };
  const subscriptions = owners.flatMap((ownerId, index) => [
    create(`created-${index}`, 'case.created', { index, params: { ownerId } }),
    create(`updated-${index}`, 'case.updated', { index, params: { ownerId } }),
  ]);
  const deletions = orgUrls.map((_, index) => create(`deleted-${index}`, 'case.deleted', { index }));
  const all = reportsDeletions ? [...subscriptions, ...deletions] : subscriptions;
  return new Map(all.map((subscription) => [subscription.id, subscription]));
}

function readDefinition(file: string): ConnectorDefinition {
  return JSON.parse(readFileSync(file, 'utf8'));
}

process.once('message', (options: WorkerProcessOptions) => void run(options));
process.on('disconnect', () => process.exit());
process.send!('ready');
