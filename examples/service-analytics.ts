/**
 * Service analytics: exports cases to JSON lines and CSV, with hours to resolution and satisfaction. Another run in
 * the same folder exports only what changed. Averages by priority are printed at the end.
 * Run it: node --conditions=development examples/service-analytics.ts [--connection <name>] [--folder <folder>]
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Client, Operations } from 'dynamics365-connector';
import { type CaseRecord, caseColumns, formatAverages, toCaseRecord } from './support/case-report.ts';
import { formatCsvLine } from './support/csv.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';
import { rateResolvedCases } from './support/sandbox-setup.ts';

/** How far the export is: the last modification time, and the versions of rows of that second. */
interface ExportState {
  readonly exportedUntil?: string;
  readonly exportedVersions: readonly string[];
}

/** Exports what changed since the last run in this folder. Returns the number of cases. */
export async function exportCases({ client, print }: ExampleContext, folder: string): Promise<number> {
  const stateFile = join(folder, 'exported.json');
  let state: ExportState = { exportedVersions: [] };
  if (existsSync(stateFile)) state = JSON.parse(await readFile(stateFile, 'utf8'));
  const { exportedUntil: modifiedSince, exportedVersions } = state;
  const mode = { flags: modifiedSince === undefined ? 'w' : 'a' };
  const lines = createWriteStream(join(folder, 'cases.jsonl'), mode);
  const table = createWriteStream(join(folder, 'cases.csv'), mode);
  if (modifiedSince === undefined) table.write(`${formatCsvLine(caseColumns)}\n`);

  let count = 0;
  const resolvedOn = await readResolutionTimes(client);
  const input = { orderBy: 'modifiedon', direction: 'asc', modifiedSince } as const;
  for await (const page of client.list('case.list', input).pages()) {
    for (const row of page.rows) {
      // Times have whole seconds: the last second is read again, and versions that were exported are skipped.
      const version = `${row.id} ${row.version}`;
      if (exportedVersions.includes(version)) continue;
      const record = toCaseRecord(row, resolvedOn.get(row.id));
      lines.write(`${JSON.stringify(record)}\n`);
      table.write(`${formatCsvLine(caseColumns.map((name) => record[name]))}\n`);
      const until = row.modifiedOn ?? undefined;
      const sameSecond = state.exportedUntil === until ? state.exportedVersions : [];
      state = { exportedUntil: until, exportedVersions: [...sameSecond, version] };
      count += 1;
    }
  }
  await Promise.all([finished(lines.end()), finished(table.end())]);
  await writeFile(stateFile, JSON.stringify(state));
  print(`exported ${count} cases, modified until ${state.exportedUntil}`);
  return count;
}

/** The time of the last resolution of each case, by the id of the case. */
async function readResolutionTimes(client: Client<Operations>): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, string>();
  const input = { orderBy: 'createdon', direction: 'asc', state: 'completed' } as const;
  for await (const resolution of client.list('case-resolution.list', input)) {
    if (resolution.case && resolution.createdOn) times.set(resolution.case.id, resolution.createdOn);
  }
  return times;
}

/** The newest record of each exported case. */
export async function readExport(folder: string): Promise<readonly CaseRecord[]> {
  const newest = new Map<string, CaseRecord>();
  for (const line of (await readFile(join(folder, 'cases.jsonl'), 'utf8')).split('\n')) {
    if (line === '') continue;
    const record: CaseRecord = JSON.parse(line);
    newest.set(record.id, record);
  }
  return [...newest.values()];
}

/** Exports the cases; in a sandbox rates one and exports again. Prints the averages. */
export async function serviceAnalytics(
  context: ExampleContext,
  { folder: given }: { readonly folder?: string } = {},
): Promise<void> {
  const { client, sandbox, print } = context;
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'cases-')));
  await mkdir(folder, { recursive: true });
  if (sandbox) rateResolvedCases(sandbox);
  await exportCases(context, folder);
  if (sandbox) {
    const [open] = (await client.run('case.list', { state: 'active', limit: 1 })).output;
    if (open) await client.run('case.rate', { id: open.id, satisfaction: 'very-satisfied' });
    await exportCases(context, folder);
  } else
    print('Nothing is changed in this organization. Another run in the folder exports what changed since.');
  for (const line of formatAverages(await readExport(folder))) print(line);
  print(`files: ${folder}`);
}

if (isMainModule(import.meta.filename)) {
  await runExample({
    about: 'Exports cases with hours to resolution and satisfaction, and prints averages by priority.',
    options: { folder: 'Folder of the export (default: a new temporary folder).' },
    run: serviceAnalytics,
  });
}
