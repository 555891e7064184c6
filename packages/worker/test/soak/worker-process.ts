/** A worker in a process that the soak test kills. It starts when it receives its options. */
import { appendFileSync, readFileSync } from 'node:fs';
import type { ConnectorDefinition } from 'dynamics365-connector';
import { createValidator } from 'dynamics365-connector/authoring';
import { createConnector, openConnection, runtimeOf } from 'dynamics365-connector/host';
import { createNodeServices } from 'dynamics365-connector/node';
import { createWorkerMetrics } from '../../src/metrics.ts';
import { createPoller } from '../../src/poller.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../../src/sqlite/open-sqlite-worker-store.ts';
import type { DeliverEvent, Subscription } from '../../src/subscription.ts';
import { runWorker } from '../../src/worker.ts';
import { defaultWorkerLimits } from '../../src/worker-options.ts';
import type { WorkerStore } from '../../src/worker-store.ts';
import type { WorkerProcessOptions } from './messages.ts';

const limits = { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 };

async function run(options: WorkerProcessOptions): Promise<void> {
  const services = createNodeServices();
  const connector = createConnector({
    definition: readDefinition(options.definition),
    validator: createValidator(),
    services,
    limits,
  });
  const { orgUrl, token } = options.organization;
  const getToken = () => ({ token });
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl },
    { kind: 'host', getToken },
    { allowLoopback: true },
  );
  const metrics = createWorkerMetrics();
  process.on('message', () => process.send!(metrics.toOpenMetrics()));
  const store = await openStore(options.store);
  process.send!('running');
  await runWorker(
    {
      store,
      subscriptions: createSubscriptions(options),
      poll: createPoller(new Map([['contoso', connection]])),
      limits: { ...defaultWorkerLimits, maxPollsPerConnection: 128 },
      metrics,
      clock: services.clock,
      random: services.random,
      log: ({ level, event, fields }) => {
        if (level === 'error') process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
      },
    },
    new AbortController().signal,
  );
}

async function openStore(location: WorkerProcessOptions['store']): Promise<WorkerStore> {
  if ('file' in location) return openSqliteWorkerStore(location.file, location);
  return await openPostgresWorkerStore(location.postgres);
}

function createSubscriptions({
  organization,
  everyMs,
  deliveriesFile,
}: WorkerProcessOptions): ReadonlyMap<string, Subscription> {
  const deliver: DeliverEvent = async ({ subscription, item }) =>
    appendFileSync(deliveriesFile, `${subscription} ${item.row.id} ${item.id}\n`);
  return new Map(
    organization.owners.map((ownerId, index) => {
      const id = `s${index}`;
      const trigger = index % 2 === 0 ? 'case.created' : 'case.updated';
      const params = { ownerId };
      return [id, { id, connection: 'contoso', trigger, params, everyMs, maxAttempts: 100, deliver }];
    }),
  );
}

function readDefinition(file: string): ConnectorDefinition {
  return JSON.parse(readFileSync(file, 'utf8'));
}

process.once('message', (options: WorkerProcessOptions) => void run(options));
process.on('disconnect', () => process.exit());
process.send!('ready');
