/**
 * Service performance: keeps cases, resolutions and SLA KPIs in a SQLite file equal to the organization, and makes a report
 * of it: resolution times, SLAs and satisfaction by priority, as a table and as an SVG chart. Another run in the same
 * folder reads only what changed.
 * Run it: node --conditions=development examples/service-performance.ts [--connection <name>] [--folder <folder>]
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteTarget, runMirrorOnce, type TableChoice } from 'dynamics365-connector-mirror';
import { drawHours, formatPerformance, readPerformance } from './support/performance-report.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';
import { addSlaResults, rateResolvedCases } from './support/sandbox-setup.ts';

/** What the report needs. */
const tables: ReadonlyMap<string, TableChoice> = new Map([
  ['case', { columns: ['number', 'title', 'priority', 'state', 'satisfaction', 'createdOn'] }],
  ['case-resolution', {}],
  ['sla-kpi', {}],
]);

/** Brings the mirror up to date, and writes and prints the report. */
export async function servicePerformance(
  { connection, sandbox, print }: ExampleContext,
  { folder: given }: { readonly folder?: string } = {},
): Promise<void> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'performance-')));
  await mkdir(folder, { recursive: true });
  if (sandbox) {
    rateResolvedCases(sandbox);
    addSlaResults(sandbox);
  }
  const file = join(folder, 'service.sqlite');
  const target = openSqliteTarget(file);
  try {
    const options = { connection, target, tables, everyMs: 30_000, log: () => {} };
    await runMirrorOnce(options, new AbortController().signal);
  } finally {
    await target.close();
  }
  const rows = readPerformance(file);
  await writeFile(join(folder, 'hours.svg'), drawHours(rows));
  for (const line of formatPerformance(rows)) print(line);
  print(`mirror: ${file}, chart: ${join(folder, 'hours.svg')}`);
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Mirrors cases into SQLite, and reports resolution times, SLAs and satisfaction by priority.',
    options: { folder: 'Folder of the mirror and the chart (default: a new temporary folder).' },
    run: servicePerformance,
  });
}
