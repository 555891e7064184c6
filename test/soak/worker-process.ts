/** A worker of a soak, in a process that will be killed. It polls when it is told how. */
import { appendFileSync, readFileSync } from 'node:fs';
import { openConnection } from '../../src/engine/connect.ts';
import { createConnector } from '../../src/engine/connector.ts';
import type { Definition } from '../../src/model/definition.ts';
import { createNodeWorld } from '../../src/node/world.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { createMetrics } from '../../src/worker/metrics.ts';
import { createPoller } from '../../src/worker/poller.ts';
import { openPostgresWorkerStore } from '../../src/worker/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../../src/worker/sqlite/open-store.ts';
import type { Deliver, Subscription } from '../../src/worker/subscription.ts';
import { runWorker } from '../../src/worker/worker.ts';
import { standardLimits } from '../../src/worker/worker-parts.ts';
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
