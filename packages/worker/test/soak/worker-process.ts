/** A worker of a soak, in a process that will be killed. It polls when it is told how. */
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
import type { WorkerProcessOptions } from './messages.ts';

const limits = { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 };

process.once(
  'message',
  async ({ definition, store: place, organization, everyMs, arrivals }: WorkerProcessOptions) => {
    const runtime = {
      definition: readDefinition(definition),
      validator: createValidator(),
      services: createNodeServices(),
    };
    const connector = createConnector({ ...runtime, limits });
    const getToken = () => ({ token: organization.token });
    const connection = openConnection(
      runtimeOf(connector),
      { orgUrl: organization.orgUrl },
      { kind: 'host', getToken },
      { allowLoopback: true },
    );
    const deliver: DeliverEvent = async ({ subscription, item }) =>
      appendFileSync(arrivals, `${subscription} ${item.row.id} ${item.id}\n`);
    const subscriptions = organization.owners.map(
      (ownerId, index): Subscription => ({
        id: `s${index}`,
        connection: 'contoso',
        trigger: index % 2 === 0 ? 'case.created' : 'case.updated',
        params: { ownerId },
        everyMs,
        maxAttempts: 100,
        deliver,
      }),
    );
    const store =
      'file' in place
        ? openSqliteWorkerStore(place.file, place)
        : await openPostgresWorkerStore(place.postgres);
    const metrics = createWorkerMetrics();
    const { clock, random } = runtimeOf(connector).services;
    process.on('message', () => process.send!(metrics.toOpenMetrics()));
    process.send!('running');
    await runWorker(
      {
        store,
        subscriptions: new Map(subscriptions.map((each) => [each.id, each])),
        poll: createPoller(new Map([['contoso', connection]])),
        limits: { ...defaultWorkerLimits, maxPollsPerConnection: 128 },
        metrics,
        clock,
        random,
        log: ({ level, event, fields }) => {
          if (level === 'error') process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
        },
      },
      new AbortController().signal,
    );
  },
);
/** Compiled once for all workers of a soak. */
function readDefinition(file: string): ConnectorDefinition {
  return JSON.parse(readFileSync(file, 'utf8'));
}
process.on('disconnect', () => process.exit());
process.send!('ready');
