/** The worker that `bench/worker.ts` measures, in a process of its own. */
import { readFileSync } from 'node:fs';
import { createWorkerMetrics } from '../../packages/worker/src/metrics.ts';
import { createPoller } from '../../packages/worker/src/poller.ts';
import { openPostgresWorkerStore } from '../../packages/worker/src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../../packages/worker/src/sqlite/open-sqlite-worker-store.ts';
import type { Subscription } from '../../packages/worker/src/subscription.ts';
import { runWorker } from '../../packages/worker/src/worker.ts';
import { defaultWorkerLimits } from '../../packages/worker/src/worker-options.ts';
import { openConnection } from '../../src/client/connect.ts';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import { createNodeServices } from '../../src/node/services.ts';
import { createValidator } from '../../src/validation/validator.ts';

/** What the bench says first. */
export interface BenchWorkerOptions {
  readonly definition: string;
  readonly storeLocation: string;
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

const metrics = createWorkerMetrics();
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

async function run({
  definition,
  storeLocation,
  orgUrl,
  owners,
  everyMs,
}: BenchWorkerOptions): Promise<void> {
  const services = createNodeServices();
  const limits = { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 };
  const parts = {
    definition: JSON.parse(readFileSync(definition, 'utf8')),
    validator: createValidator(),
    services,
  };
  const connector = createConnector({ ...parts, limits });
  const getToken = () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER });
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl },
    { kind: 'host', getToken },
    { allowLoopback: true },
  );
  const common = {
    connection: 'contoso',
    trigger: 'case.created',
    everyMs,
    maxAttempts: 20,
    deliver: async () => {},
  };
  const subscriptions = owners.map(
    (ownerId, i): Subscription => ({ ...common, id: `s${i}`, params: { ownerId } }),
  );
  const store = storeLocation.startsWith('postgres:')
    ? await openPostgresWorkerStore(storeLocation)
    : openSqliteWorkerStore(storeLocation);
  process.on('message', () => process.send!(report()));
  await runWorker(
    {
      store,
      subscriptions: new Map(subscriptions.map((each) => [each.id, each])),
      poll: createPoller(new Map([['contoso', connection]])),
      limits: { ...defaultWorkerLimits, maxPollsPerConnection: 128 },
      metrics: {
        ...metrics,
        polls: { add: (outcome) => void outcomes.push(outcome) },
        pollLateness: { observe: (seconds) => void late.push(seconds) },
      },
      clock: services.clock,
      random: services.random,
      log: () => {},
    },
    new AbortController().signal,
  );
}

process.once('message', (options: BenchWorkerOptions) => void run(options));
process.on('disconnect', () => process.exit());
