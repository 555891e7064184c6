/** The worker that `bench/worker.ts` measures, in its own process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from 'dynamics365-connector';
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
import { readIndexedDefinition } from '../../src/node/lazy-definition.ts';
import { createNodeServices } from '../../src/node/services.ts';
import type { Connection } from '../../src/run/connection.ts';
import { createValidator } from '../../src/validation/validator.ts';

/** The first message of the benchmark. */
export interface BenchWorkerOptions {
  /** Folder with the definition of `addFeedTriggers` and its index, as `d365 build` writes them. */
  readonly definitionFolder: string;
  readonly storeLocation: string;
  /** One for each connection. */
  readonly orgUrls: readonly string[];
  /** Each connection has the same number of subscriptions for each of these. */
  readonly tables: readonly string[];
  readonly owners: readonly string[];
  /** Number of subscriptions. */
  readonly triggers: number;
  readonly everyMs: number;
}

/** The measurements since the last report. */
export interface BenchReport {
  /** Committed polls. */
  readonly polls: number;
  /** Polls that were not committed. */
  readonly failed: number;
  readonly events: number;
  readonly cpuMs: number;
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

const metrics = createWorkerMetrics();
let late: number[] = [];
let outcomes: string[] = [];
let deliveries = 0;
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
    events: deliveries,
    cpuMs: (user + system) / 1000,
    lateP50Ms: at(0.5),
    lateP99Ms: at(0.99),
    heapBytes: heapUsed,
    rssBytes: rss,
  };
  late = [];
  outcomes = [];
  deliveries = 0;
  cpu = process.cpuUsage();
  return done;
}

async function run(options: BenchWorkerOptions): Promise<void> {
  const services = createNodeServices();
  const store = await openStore(options.storeLocation);
  process.on('message', () => process.send?.(createReport()));
  await runWorker(
    {
      store,
      subscriptions: createSubscriptions(options),
      poll: createPoller(connect(options, services)),
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

function connect(
  { definitionFolder, orgUrls }: BenchWorkerOptions,
  services: RuntimeServices,
): ReadonlyMap<string, Connection> {
  const bytes = readFileSync(join(definitionFolder, 'definition.json'));
  const index = JSON.parse(readFileSync(join(definitionFolder, 'definition.index.json'), 'utf8'));
  const connector = createConnector({
    definition: readIndexedDefinition(bytes, index),
    validator: createValidator(),
    services,
    limits: { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 },
  });
  const getToken = () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER });
  const open = (orgUrl: string) =>
    openConnection(runtimeOf(connector), { orgUrl }, { kind: 'host', getToken }, { allowLoopback: true });
  return new Map(orgUrls.map((orgUrl, part) => [`contoso${part}`, open(orgUrl)]));
}

/** The triggers of ten subscriptions of a table. */
const triggerNames = [...Array<string>(7).fill('of-owner'), 'named', 'state', 'state'];

function createSubscriptions({
  orgUrls,
  tables,
  owners,
  triggers,
  everyMs,
}: BenchWorkerOptions): ReadonlyMap<string, Subscription> {
  const deliver = async () => {
    deliveries += 1;
  };
  const feeds = orgUrls.flatMap((_, n) => tables.map((table) => ({ connection: `contoso${n}`, table })));
  const subscriptions = Array.from({ length: triggers }, (_, index): Subscription | undefined => {
    const place = feeds[Math.floor(index / triggerNames.length)];
    if (place === undefined) return undefined;
    const { connection, table } = place;
    const name = triggerNames[index % triggerNames.length];
    const params: JsonObject = name === 'of-owner' ? { ownerId: owners[index % owners.length] ?? '' } : {};
    const feed = `${connection}/${table}`;
    return { id: `s${index}`, connection, feed, trigger: `${table}.${name}`, params, everyMs, deliver };
  });
  return new Map(subscriptions.filter((each) => each !== undefined).map((each) => [each.id, each]));
}

process.once('message', (options: BenchWorkerOptions) => void run(options));
process.on('disconnect', () => process.exit());
