/** The worker that `bench/worker.ts` measures, in a process of its own. */
import { readFileSync } from 'node:fs';
import { createMetrics } from '../../packages/worker/src/metrics.ts';
import { createPoller } from '../../packages/worker/src/poller.ts';
import { openPostgresWorkerStore } from '../../packages/worker/src/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../../packages/worker/src/sqlite/open-store.ts';
import type { Subscription } from '../../packages/worker/src/subscription.ts';
import { runWorker } from '../../packages/worker/src/worker.ts';
import { standardLimits } from '../../packages/worker/src/worker-parts.ts';
import { openConnection } from '../../src/client/connect.ts';
import { createConnector } from '../../src/client/connector.ts';
import { createNodeWorld } from '../../src/node/world.ts';
import { createValidator } from '../../src/validation/validator.ts';

/** What the bench says first. */
export interface BenchOrder {
  readonly definition: string;
  readonly place: string;
  readonly orgUrl: string;
  readonly owners: readonly string[];
  readonly everyMs: number;
}

/** What was measured since the last time it was asked for. */
export interface BenchReport {
  readonly polls: number;
  readonly failed: number;
  readonly cpuMs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

const metrics = createMetrics();
let late: number[] = [];
let outcomes: string[] = [];
let cpu = process.cpuUsage();

function report(): BenchReport {
  const sorted = late.sort((a, b) => a - b);
  const at = (share: number) => 1000 * (sorted[Math.floor(sorted.length * share)] ?? 0);
  const { user, system } = process.cpuUsage(cpu);
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const done = {
    polls: outcomes.filter((outcome) => outcome === 'committed').length,
    failed: outcomes.filter((outcome) => outcome !== 'committed').length,
    cpuMs: (user + system) / 1000,
    lateP50Ms: at(0.5),
    lateP99Ms: at(0.99),
    heapBytes: heapUsed,
    rssBytes: rss,
  };
  late = [];
  outcomes = [];
  cpu = process.cpuUsage();
  return done;
}

async function run({ definition, place, orgUrl, owners, everyMs }: BenchOrder): Promise<void> {
  const world = createNodeWorld();
  const limits = { requests: 1e9, executionMs: 1e9, concurrent: 1000 };
  const parts = {
    definition: JSON.parse(readFileSync(definition, 'utf8')),
    validator: createValidator(),
    world,
  };
  const connector = createConnector({ ...parts, limits });
  const bring = () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER });
  const connection = openConnection(connector, { orgUrl }, { kind: 'host', bring }, { allowLoopback: true });
  const common = {
    connection: 'contoso',
    trigger: 'case.created',
    everyMs,
    attempts: 20,
    deliver: async () => {},
  };
  const subscriptions = owners.map(
    (ownerId, i): Subscription => ({ ...common, id: `s${i}`, params: { ownerId } }),
  );
  const store = place.startsWith('postgres:')
    ? await openPostgresWorkerStore(place)
    : openSqliteWorkerStore(place);
  process.on('message', () => process.send!(report()));
  await runWorker(
    {
      store,
      subscriptions: new Map(subscriptions.map((each) => [each.id, each])),
      poll: createPoller(new Map([['contoso', connection]])),
      limits: { ...standardLimits, pollsPerConnection: 128 },
      metrics: {
        ...metrics,
        polls: { add: (outcome) => void outcomes.push(outcome) },
        lateness: { observe: (seconds) => void late.push(seconds) },
      },
      clock: world.clock,
      random: world.random,
      log: () => {},
    },
    new AbortController().signal,
  );
}

process.once('message', (order: BenchOrder) => void run(order));
process.on('disconnect', () => process.exit());
