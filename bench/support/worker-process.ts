/** The worker that `bench/worker.ts` measures, in its own process. */
import { readFileSync } from 'node:fs';
import { createWorkerMetrics } from '../../packages/worker/src/metrics.ts';
import { createPoller } from '../../packages/worker/src/poller.ts';
import { openPostgresWorkerStore } from '../../packages/worker/src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../../packages/worker/src/sqlite/open-sqlite-worker-store.ts';
import type { Subscription } from '../../packages/worker/src/subscription.ts';
import { runWorker } from '../../packages/worker/src/worker.ts';
import { defaultWorkerLimits } from '../../packages/worker/src/worker-options.ts';
import type { WorkerStore } from '../../packages/worker/src/worker-store.ts';
import { openConnection } from '../../src/client/connect.ts';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import type { RuntimeServices } from '../../src/model/runtime-services.ts';
import { createNodeServices } from '../../src/node/services.ts';
import type { Connection } from '../../src/run/connection.ts';
import { createValidator } from '../../src/validation/validator.ts';

/** The first message of the benchmark. */
export interface BenchWorkerOptions {
  readonly definition: string;
  readonly storeLocation: string;
  readonly orgUrl: string;
  readonly owners: readonly string[];
  readonly everyMs: number;
}

/** The measurements since the last report. */
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

function createReport(): BenchReport {
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

async function run(options: BenchWorkerOptions): Promise<void> {
  const services = createNodeServices();
  await runWorker(
    {
      store: await openStore(options.storeLocation),
      subscriptions: createSubscriptions(options),
      poll: createPoller(new Map([['contoso', connect(options, services)]])),
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

async function openStore(location: string): Promise<WorkerStore> {
  if (location.startsWith('postgres:')) return await openPostgresWorkerStore(location);
  return openSqliteWorkerStore(location);
}

function connect({ definition, orgUrl }: BenchWorkerOptions, services: RuntimeServices): Connection {
  const connector = createConnector({
    definition: JSON.parse(readFileSync(definition, 'utf8')),
    validator: createValidator(),
    services,
    limits: { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 },
  });
  const getToken = () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER });
  return openConnection(
    runtimeOf(connector),
    { orgUrl },
    { kind: 'host', getToken },
    { allowLoopback: true },
  );
}

function createSubscriptions({ owners, everyMs }: BenchWorkerOptions): ReadonlyMap<string, Subscription> {
  const deliver = async () => {};
  return new Map(
    owners.map((ownerId, index) => {
      const id = `s${index}`;
      const params = { ownerId };
      const trigger = 'case.created';
      return [id, { id, connection: 'contoso', trigger, params, everyMs, maxAttempts: 20, deliver }];
    }),
  );
}

process.on('message', (message) => {
  if (message === 'report') process.send?.(createReport());
});
process.once('message', (options: BenchWorkerOptions) => void run(options));
process.on('disconnect', () => process.exit());
