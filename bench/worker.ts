/**
 * Measures polls per minute, CPU time per poll, lateness and memory of the worker: `npm run bench:worker`, or
 * `npm run bench:worker -- file` with SQLite. Organization, worker and database run in their own processes on this
 * machine. TRIGGERS=100,1000 sets the numbers of triggers, EVERY the interval in seconds, SECONDS the duration.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrganization, writeDefinition } from '../packages/worker/test/soak/processes.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { processTreeCpuMs } from './support/process-tree.ts';
import type { BenchReport, BenchWorkerOptions } from './support/worker-process.ts';

const [kind = 'postgres'] = process.argv.slice(2);
const sizes = (process.env.TRIGGERS ?? '100,1000,10000,30000').split(',').map(Number);
const everyMs = 1000 * Number(process.env.EVERY ?? 60);
const seconds = Number(process.env.SECONDS ?? 60);
/** All first polls run at once; the next ones are spread over the interval. */
const warmUpSeconds = Number(process.env.WARM_UP ?? everyMs / 1000 + 15);

const folder = mkdtempSync(join(tmpdir(), 'd365-bench-'));
const definition = join(folder, 'definition.json');
await writeDefinition(definition);
const headings = [
  'triggers',
  'polls/min',
  'CPU ms/poll',
  'database',
  'late p50',
  'late p99',
  'heap MB',
  'RSS MB',
];
console.log(headings.map((name) => name.padStart(12)).join(''));
for (const triggers of sizes)
  console.log((await measure(triggers)).map((cell) => cell.padStart(12)).join(''));
rmSync(folder, { recursive: true });
process.exit();

async function measure(triggers: number): Promise<readonly string[]> {
  const postgres = kind === 'postgres' ? await startPostgres() : undefined;
  const organization = await startOrganization(triggers, 2, 'stub-organization.ts');
  const worker = fork(join(import.meta.dirname, 'support/worker-process.ts'), {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  const readReport = async (): Promise<BenchReport> => {
    worker.send('report');
    return (await once(worker, 'message'))[0];
  };
  const storeLocation = postgres?.url ?? join(folder, `${triggers}.sqlite`);
  const { orgUrl, owners } = organization.info;
  const options: BenchWorkerOptions = { definition, storeLocation, orgUrl, owners, everyMs };
  worker.send(options);
  await wait(warmUpSeconds);
  organization.start(100); // ten events per second
  await wait(2);
  await readReport();
  const databaseStartMs = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid());
  await wait(seconds);
  const report = await readReport();
  const databaseMs = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid()) - databaseStartMs;
  worker.kill();
  organization.end();
  await postgres?.stop();
  if (report.failed > 0) console.log(`${report.failed} polls are not committed`);
  return formatCells(triggers, report, databaseMs);
}

function formatCells(triggers: number, report: BenchReport, databaseMs: number): readonly string[] {
  const { polls, cpuMs, lateP50Ms, lateP99Ms, heapBytes, rssBytes } = report;
  return [
    String(triggers),
    String(Math.round((polls * 60) / seconds)),
    (cpuMs / polls).toFixed(2),
    kind === 'postgres' ? `${(databaseMs / polls).toFixed(2)} ms` : '-',
    `${Math.round(lateP50Ms)} ms`,
    `${Math.round(lateP99Ms)} ms`,
    (heapBytes / 1e6).toFixed(1),
    (rssBytes / 1e6).toFixed(0),
  ];
}

function wait(durationSeconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * durationSeconds));
}
