/**
 * Polls a minute, CPU a poll, lateness and memory of the worker: `node bench/worker.ts [postgres|file]`.
 * Organization, worker and database run in processes of their own on this machine. `TRIGGERS=100,1000` says how
 * many, `EVERY` how many seconds lie between two polls of one, `SECONDS` how long is measured.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOrganization, writeDefinition } from '../packages/worker/test/soak/processes.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { processTreeCpuMs } from './support/process-tree.ts';
import type { BenchReport } from './support/worker-process.ts';

const [kind = 'postgres'] = process.argv.slice(2);
const sizes = (process.env.TRIGGERS ?? '100,1000,10000,30000').split(',').map(Number);
const everyMs = 1000 * Number(process.env.EVERY ?? 60);
const seconds = Number(process.env.SECONDS ?? 60);
/** Each gets its place in the beat first: the first polls all come at once. */
const warmUpSeconds = Number(process.env.WARM_UP ?? everyMs / 1000 + 15);

const folder = mkdtempSync(join(tmpdir(), 'd365-bench-'));
const definition = join(folder, 'definition.json');
await writeDefinition(definition);
const head = [
  'triggers',
  'polls/min',
  'CPU ms/poll',
  'database',
  'late p50',
  'late p99',
  'heap MB',
  'RSS MB',
];
console.log(head.map((name) => name.padStart(12)).join(''));
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
  const ask = async (): Promise<BenchReport> => {
    worker.send('report');
    return (await once(worker, 'message'))[0];
  };
  const storeLocation = postgres?.url ?? join(folder, `${triggers}.sqlite`);
  worker.send({ definition, place: storeLocation, ...organization.info, everyMs });
  await wait(warmUpSeconds);
  organization.start(100); // ten events a second
  await wait(2);
  await ask();
  const databaseFrom = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid());
  await wait(seconds);
  const report = await ask();
  const databaseMs = postgres === undefined ? 0 : processTreeCpuMs(postgres.pid()) - databaseFrom;
  worker.kill();
  organization.end();
  await postgres?.stop();
  if (report.failed > 0) console.log(`${report.failed} polls were not committed`);
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

function wait(forSeconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * forSeconds));
}
