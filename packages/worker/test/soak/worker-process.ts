/** A worker of a soak, in a process that will be killed. It polls when it is told how. */
import { appendFileSync, readFileSync } from 'node:fs';
import type { Definition } from 'dynamics365-connector';
import { createValidator } from 'dynamics365-connector/authoring';
import { createConnector, openConnection } from 'dynamics365-connector/host';
import { createNodeWorld } from 'dynamics365-connector/node';
import { createMetrics } from '../../src/metrics.ts';
import { createPoller } from '../../src/poller.ts';
import { openPostgresWorkerStore } from '../../src/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../../src/sqlite/open-store.ts';
import type { Deliver, Subscription } from '../../src/subscription.ts';
import { runWorker } from '../../src/worker.ts';
import { standardLimits } from '../../src/worker-parts.ts';
import type { WorkerOrder } from './messages.ts';

const limits = { requests: 1e9, executionMs: 1e9, concurrent: 1000 };

process.once('message', async ({ definition, store: place, facts, everyMs, arrivals }: WorkerOrder) => {
  const runtime = {
    definition: readDefinition(definition),
    validator: createValidator(),
    world: createNodeWorld(),
  };
  const connector = createConnector({ ...runtime, limits });
  const bring = () => ({ token: facts.token });
  const connection = openConnection(
    connector,
    { orgUrl: facts.orgUrl },
    { kind: 'host', bring },
    { allowLoopback: true },
  );
  const deliver: Deliver = async ({ subscription, item }) =>
    appendFileSync(arrivals, `${subscription} ${item.row.id} ${item.id}\n`);
  const subscriptions = facts.owners.map(
    (ownerId, index): Subscription => ({
      id: `s${index}`,
      connection: 'contoso',
      trigger: index % 2 === 0 ? 'case.created' : 'case.updated',
      params: { ownerId },
      everyMs,
      attempts: 100,
      deliver,
    }),
  );
  const store =
    'file' in place
      ? openSqliteWorkerStore(place.file, place)
      : await openPostgresWorkerStore(place.postgres);
  const metrics = createMetrics();
  const { clock, random } = connector.world;
  process.on('message', () => process.send!(metrics.print()));
  process.send!('running');
  await runWorker(
    {
      store,
      subscriptions: new Map(subscriptions.map((each) => [each.id, each])),
      poll: createPoller(new Map([['contoso', connection]])),
      limits: { ...standardLimits, pollsPerConnection: 128 },
      metrics,
      clock,
      random,
      log: ({ level, event, fields }) => {
        if (level === 'error') process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
      },
    },
    new AbortController().signal,
  );
});
/** Compiled once for all workers of a soak. */
function readDefinition(file: string): Definition {
  return JSON.parse(readFileSync(file, 'utf8'));
}
process.on('disconnect', () => process.exit());
process.send!('ready');
