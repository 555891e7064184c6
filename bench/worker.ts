/**
 * Measures polls per minute, CPU time per poll, lateness and memory of the worker: `npm run bench:worker`, or
 * `npm run bench:worker -- file` with SQLite. Organization, worker and database run in their own processes on this
 * machine. Each connection has ten tables, each table ten subscriptions: seven with one of 50 filters by owner, one with a
 * filter that only the organization can judge, two that watch a column and so have a fingerprint of every row. In each
 * minute, one row changes in one of a hundred tables. TRIGGERS=100,1000 sets the numbers of subscriptions, ROWS the rows
 * of each table, CHANGES those that change in a minute, EVERY the interval in seconds, SECONDS the duration, WARM_UP the
 * seconds before it. CPU_PROFILE=FOLDER writes a profile of the worker.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { build } from 'esbuild';
import { keepPackagesExternal } from '../packages/cli/test/bundle-cli.ts';
import { workerProcessSettings } from '../packages/worker/src/worker-process.ts';
import { takeNodeModules } from '../scripts/support/bundle-plugins.ts';
import { enginePlugins } from '../scripts/support/engine-plugins.ts';
import { runtimeOf } from '../src/client/connector.ts';
import type { ConnectorDefinition } from '../src/model/definition.ts';
import { writeIndexedDefinition } from '../src/node/lazy-definition.ts';
import { loadConnector } from '../src/node/load-connector.ts';
import { openPostgres } from '../src/node/postgres.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { addFeedTriggers } from './support/feed-definition.ts';
import type { BenchOrganizationOptions } from './support/organization-process.ts';
import { processTreeCpuMs } from './support/process-tree.ts';
import type { BenchReport, BenchWorkerOptions } from './support/worker-process.ts';

const [kind = 'postgres'] = process.argv.slice(2);
const sizes = (process.env.TRIGGERS ?? '100,1000,10000,30000').split(',').map(Number);
const everyMs = 1000 * Number(process.env.EVERY ?? 60);
const seconds = Number(process.env.SECONDS ?? 60);
const rowsPerTable = Number(process.env.ROWS ?? 333);
const subscriptionsPerTable = 10;
/** All first polls run at once; the next ones are spread over the interval. */
const warmUpSeconds = Number(process.env.WARM_UP ?? everyMs / 1000 + 15);

const folder = mkdtempSync(join(tmpdir(), 'd365-bench-'));
const bundle = await bundleWorkerProcess();
const { definition, tables } = addFeedTriggers(runtimeOf(await loadConnector()).definition);
writeIndexedFiles(definition);
const owners = Array.from({ length: 50 }, () => randomUUID());
const headings = [
  'triggers',
  'polls/min',
  'CPU ms/poll',
  'database',
  'late p50',
  'late p99',
  'events',
  'heap MB',
  'RSS MB',
];
console.log(headings.map((name) => name.padStart(12)).join(''));
for (const triggers of sizes)
  console.log((await measure(triggers)).map((cell) => cell.padStart(12)).join(''));
rmSync(folder, { recursive: true });
process.exit();

async function measure(triggers: number): Promise<readonly string[]> {
  const postgres = kind === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
  const organization = fork(join(import.meta.dirname, 'support/organization-process.ts'));
  const orgUrls = await startOrganization(organization, triggers);
  const worker = startWorker();
  const storeLocation = postgres?.url ?? join(folder, `${triggers}.sqlite`);
  const names = tables.map(({ name }) => name);
  const options: BenchWorkerOptions = {
    definitionFolder: folder,
    storeLocation,
    orgUrls,
    tables: names,
    owners,
    triggers,
    everyMs,
  };
  worker.send(options);
  do await wait(2);
  while ((await countReady(storeLocation)) < triggers);
  await wait(warmUpSeconds);
  await readReport(worker);
  const databaseStartMs = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid());
  await wait(seconds);
  const report = await readReport(worker);
  const databaseMs = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid()) - databaseStartMs;
  // Its process then ends by itself, and writes its profile.
  worker.disconnect();
  await once(worker, 'exit');
  organization.kill();
  await postgres?.stop();
  if (report.failed > 0) console.log(`${report.failed} polls are not committed`);
  return formatCells(triggers, report, databaseMs);
}

/** Writes the definition as `d365 build` does, so that a worker parses what it uses. */
function writeIndexedFiles(written: ConnectorDefinition): void {
  const { text, index } = writeIndexedDefinition(written);
  writeFileSync(join(folder, 'definition.json'), text);
  writeFileSync(join(folder, 'definition.index.json'), JSON.stringify(index));
}

async function startOrganization(child: ChildProcess, triggers: number): Promise<readonly string[]> {
  const feeds = triggers / subscriptionsPerTable;
  const options: BenchOrganizationOptions = {
    tables,
    connections: Math.ceil(feeds / tables.length),
    rowsPerTable,
    owners,
    changesPerMinute: Number(process.env.CHANGES ?? Math.max(1, feeds / 100)),
  };
  child.send(options);
  return (await once(child, 'message'))[0];
}

function startWorker(): ChildProcess {
  const { flags, env } = workerProcessSettings;
  const { CPU_PROFILE: profile } = process.env;
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return fork(bundle, {
    execArgv: [...flags, '--expose-gc', ...profiling],
    env: { ...env, ...process.env },
  });
}

/** Subscriptions that have polled, and whose feed has read its baseline. */
async function countReady(storeLocation: string): Promise<number> {
  const condition = "polls > 0 AND coalesce(feed_state, '') NOT LIKE '%baselining%'";
  if (kind === 'postgres') {
    const database = await openPostgres(storeLocation);
    const sql = `SELECT count(*)::int AS count FROM d365.subscription WHERE ${condition}`;
    const [row] = await database.query<{ count: number }>(sql).catch(() => []);
    await database.close();
    return row?.count ?? 0;
  }
  if (!existsSync(storeLocation)) return 0;
  const database = new DatabaseSync(storeLocation);
  const row = database.prepare(`SELECT count(*) AS count FROM subscription WHERE ${condition}`).get();
  database.close();
  return Number(row?.count);
}

async function readReport(worker: ChildProcess): Promise<BenchReport> {
  worker.send('report');
  return (await once(worker, 'message'))[0];
}

function formatCells(triggers: number, report: BenchReport, databaseMs: number): readonly string[] {
  const { polls, events, cpuMs, lateP50Ms, lateP99Ms, heapBytes, rssBytes } = report;
  return [
    String(triggers),
    String(Math.round((polls * 60) / seconds)),
    (cpuMs / polls).toFixed(2),
    kind === 'postgres' ? `${(databaseMs / polls).toFixed(2)} ms` : '-',
    `${Math.round(lateP50Ms)} ms`,
    `${Math.round(lateP99Ms)} ms`,
    String(events),
    (heapBytes / 1e6).toFixed(1),
    (rssBytes / 1e6).toFixed(0),
  ];
}

/**
 * Bundles the worker's process, as the published package is: code that is loaded when it is needed is in files of its own,
 * and from sources, Node.js needs another 80 MB to strip the types. The bundle is in this folder, so that it finds its
 * packages.
 */
async function bundleWorkerProcess(): Promise<string> {
  const outdir = join(import.meta.dirname, `.cache/worker-process-${process.pid}`);
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  await build({
    entryPoints: [join(import.meta.dirname, 'support/worker-process.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    conditions: ['development'],
    logLevel: 'warning',
    // What `loadTogether` adds.
    logOverride: { 'ignored-bare-import': 'silent' },
    plugins: [takeNodeModules, ...enginePlugins, keepPackagesExternal],
  });
  return join(outdir, 'worker-process.js');
}

function wait(durationSeconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * durationSeconds));
}
