import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '../../../../test/support/free-port.ts';
import { compareCopies, type SoakCounts } from './compare-copies.ts';
import type { ChangedRow, DeliveredEvent, WorkerProcessOptions } from './messages.ts';
import { createPostgresSoakStore } from './postgres-soak-store.ts';
import {
  kill,
  type OrganizationProcess,
  type ProcessScripts,
  sleep,
  startOrganization,
  startSpareWorker,
  startWork,
  waitUntil,
  writeDefinition,
} from './processes.ts';
import { createSoakFolder, type SoakFolder } from './soak-folder.ts';
import type { SoakStore } from './soak-store.ts';
import { createSqliteSoakStore } from './sqlite-soak-store.ts';

/** What happens to the workers or to the database. */
export type Disturbance = 'kill' | 'stop' | 'restart' | 'fullDisk' | 'expireLeases';

const organizationScripts = {
  sandbox: 'organization',
  stub: 'stub-organization',
  push: 'push-organization',
} as const;

/** The size of a soak test. */
export interface SoakOptions {
  readonly store: 'sqlite' | 'postgres';
  /** `sandbox`: a whole organization. `stub`: a fast one with one table, for many consumers. */
  /** `push`: a sandbox that also sends webhooks, badly. */
  readonly organization: 'sandbox' | 'stub' | 'push';
  readonly workers: number;
  /** Each has two subscriptions. */
  readonly consumers: number;
  readonly everyMs: number;
  /** Time between two changes in the organization. */
  readonly changeEveryMs: number;
  readonly disturbances: readonly Disturbance[];
  /** Longest time before a disturbance. */
  readonly maxPauseMs: number;
  readonly scripts?: ProcessScripts;
  readonly report?: (line: string) => void;
}

/** The result of a soak test. All but `changed` and `events` must be 0. */
export interface SoakResult extends SoakCounts {
  /** Disturbances after which the database was damaged. */
  readonly damaged: number;
  /** Subscriptions that had no scheduled poll. */
  readonly rescheduled: number;
}

/** The processes of a test. */
interface SoakEnvironment {
  readonly soak: SoakOptions;
  readonly folder: SoakFolder;
  readonly store: SoakStore;
  readonly organization: OrganizationProcess;
  readonly options: WorkerProcessOptions;
  readonly workers: ChildProcess[];
}

/** Disturbs workers while rows change, lets them finish, and compares the copies of the consumers with the organization. */
export async function runSoak(soak: SoakOptions): Promise<SoakResult> {
  const folder = createSoakFolder({ isSmallDisk: soak.disturbances.includes('fullDisk') });
  const { data } = folder;
  // The polls of push wait for an organization that is busy with its webhooks.
  const leaseMs = soak.organization === 'push' ? 4000 : undefined;
  const store = await (soak.store === 'sqlite'
    ? createSqliteSoakStore(data, leaseMs)
    : createPostgresSoakStore(data));
  const script = organizationScripts[soak.organization];
  const organization = await startOrganization(soak.consumers, 5, { script, scripts: soak.scripts });
  const workers: ChildProcess[] = [];
  try {
    const files = await createFiles(folder);
    const options = {
      ...files,
      store: store.location,
      everyMs: soak.everyMs,
      push:
        soak.organization === 'push' ? { port: await findFreePort(), everyMs: 5 * soak.everyMs } : undefined,
      organization: organization.info,
    };
    return await disturbWorkers({ soak, folder, store, organization, options, workers });
  } finally {
    await Promise.all(workers.map(kill));
    organization.end();
    await store.close();
    folder.remove();
  }
}

async function createFiles({ path }: SoakFolder) {
  const files = { definition: join(path, 'definition.json'), deliveriesFile: join(path, 'deliveries') };
  await writeDefinition(files.definition);
  writeFileSync(files.deliveriesFile, '');
  return files;
}

async function disturbWorkers(environment: SoakEnvironment): Promise<SoakResult> {
  const { soak, store, organization, options, workers } = environment;
  for (let i = 0; i < soak.workers; i++) workers.push(await startWorker(soak, options));
  const { owners, orgUrls, reportsDeletions } = organization.info;
  const subscriptions = 2 * owners.length + (reportsDeletions ? orgUrls.length : 0);
  await waitUntil(async () => (await store.countPolled()) === subscriptions, { maxWaitMs: 120_000 });
  report(soak, `${subscriptions} subscriptions have polled`);
  organization.start(soak.changeEveryMs);
  let damaged = 0;
  for (const [index, disturbance] of soak.disturbances.entries()) {
    await sleep(Math.random() * soak.maxPauseMs);
    await disturb[disturbance](environment);
    if (!(await store.isIntact())) damaged += 1;
    const push = (await store.readPush?.()) ?? '';
    report(soak, `${index + 1} ${disturbance}: ${(await store.readStoredEvents()).length} events ${push}`);
  }
  const changedRows = await organization.stop();
  const writes = changedRows.reduce((sum, row) => sum + (row.writes ?? 1), 0);
  report(soak, `${changedRows.length} rows were written ${writes} times`);
  await waitUntil(async () => await isDone(environment, changedRows), { maxWaitMs: 240_000 });
  const ended = workers.filter(({ connected }) => !connected).length;
  if (ended > 0) report(soak, `${ended} workers have ended by themselves`);
  // Repeated events would be stored now.
  await sleep(Math.min(3 * soak.everyMs, 10_000));
  return {
    ...(await countProblems(environment, changedRows)),
    damaged,
    rescheduled: await countRescheduled(workers),
  };
}

const disturb: Readonly<Record<Disturbance, (environment: SoakEnvironment) => Promise<void>>> = {
  /** As by a power failure. */
  async kill({ soak, options, workers }) {
    const spare = startSpareWorker(soak.scripts);
    const [worker] = workers.splice(0, 1);
    if (worker !== undefined) await kill(worker);
    const started = await spare;
    await startWork(started, options);
    workers.push(started);
  },
  /** A process that continues after its claims were lost, as after the suspension of its machine. */
  async stop({ store, workers: [worker] }) {
    worker?.kill('SIGSTOP');
    await sleep(1.5 * store.leaseMs);
    worker?.kill('SIGCONT');
  },
  /** A short test does not wait for the leases of killed workers. */
  expireLeases: ({ store }) => store.expireLeases(),
  async restart({ store }) {
    await store.restart?.();
  },
  async fullDisk({ folder, store }) {
    folder.fill?.();
    await sleep(5000);
    folder.free();
    await store.recover();
  },
};

async function isDone(environment: SoakEnvironment, changedRows: readonly ChangedRow[]): Promise<boolean> {
  if (!(await environment.store.isOutboxEmpty())) return false;
  const { lost, unexpected, undelivered } = await countProblems(environment, changedRows);
  return lost + unexpected + undelivered === 0;
}

async function countProblems(
  { store, organization, options }: SoakEnvironment,
  changedRows: readonly ChangedRow[],
): Promise<SoakCounts> {
  const storedEvents = await store.readStoredEvents();
  const lines = readFileSync(options.deliveriesFile, 'utf8').split('\n').filter(Boolean);
  const deliveredEvents = lines.map((line) => JSON.parse(line) as DeliveredEvent);
  return compareCopies({ organization: organization.info, changedRows, storedEvents, deliveredEvents });
}

function report(soak: SoakOptions, line: string): void {
  soak.report?.(`${new Date().toISOString().slice(11, 19)} ${line}`);
}

async function startWorker(soak: SoakOptions, options: WorkerProcessOptions): Promise<ChildProcess> {
  const worker = await startSpareWorker(soak.scripts);
  await startWork(worker, options);
  return worker;
}

/** Reads the metric of the workers that still run: one that has ended has told it to nobody. */
async function countRescheduled(workers: readonly ChildProcess[]): Promise<number> {
  let sum = 0;
  for (const worker of workers.filter(({ connected }) => connected)) {
    worker.send('metrics');
    const [metrics] = (await once(worker, 'message')) as [string];
    sum += Number(/d365_worker_rescheduled_total\{kind="rescheduled"\} (\d+)/.exec(metrics)?.[1] ?? 0);
  }
  return sum;
}
