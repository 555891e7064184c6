/** A worker of a soak, in a process that will be killed. It loads everything first, and polls when told to go. */
import { appendFileSync } from 'node:fs';
import { openConnection } from '../../src/engine/connect.ts';
import { loadConnector } from '../../src/index.ts';
import { createMetrics } from '../../src/worker/metrics.ts';
import { createPoller } from '../../src/worker/poller.ts';
import { openPostgresWorkerStore } from '../../src/worker/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../../src/worker/sqlite/open-store.ts';
import type { Deliver, Subscription } from '../../src/worker/subscription.ts';
import { runWorker } from '../../src/worker/worker.ts';
import { standardLimits } from '../../src/worker/worker-parts.ts';
import type { WorkerOrder } from './messages.ts';

const limits = { requests: 1e9, executionMs: 1e9, concurrent: 1000 };
const connector = await loadConnector({ limits });

process.once('message', async ({ store: place, facts, everyMs, arrivals }: WorkerOrder) => {
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
process.on('disconnect', () => process.exit());
process.send!('ready');
