/**
 * Service analytics: cases with the time they took, to JSON lines and CSV; the next run exports only what changed.
 * Run it: node examples/service-analytics.ts [folder]
 */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Client, JsonObject } from 'dynamics365-connector';
import { formatCsvLine } from './support/csv.ts';
import { type ExampleContext, isMainModule, runExample } from './support/run-example.ts';

const columns = ['number', 'title', 'priority', 'origin', 'state', 'createdOn', 'hours'] as const;

/** How far the export came: a time, and the versions of rows of that very second. */
interface ExportState {
  readonly exportedUntil?: string;
  readonly exportedVersions: readonly string[];
}

/** Exports what changed since the last run in this folder; answers how many cases that were. */
export async function exportCases(
  { client, folder }: { readonly client: Client; readonly folder: string },
  print: (line: string) => void,
): Promise<number> {
  const stateFile = join(folder, 'exported.json');
  const before: ExportState = existsSync(stateFile)
    ? JSON.parse(await readFile(stateFile, 'utf8'))
    : { exportedVersions: [] };
  const { exportedUntil: since } = before;
  const mode = { flags: since === undefined ? 'w' : 'a' };
  const lines = createWriteStream(join(folder, 'cases.jsonl'), mode);
  const table = createWriteStream(join(folder, 'cases.csv'), mode);
  if (since === undefined) table.write(`${formatCsvLine(columns)}\n`);

  let count = 0;
  let last: ExportState = before;
  const resolved = await resolutionTimes(client);
  const input = { orderBy: 'modifiedon', direction: 'asc', ...(since && { modifiedSince: since }) };
  for await (const page of client.list('case.list', input).pages()) {
    for (const row of page.rows) {
      // Times have whole seconds: the last one is read again, and what it had already is passed over.
      const version = `${row.id} ${row.version}`;
      if (before.exportedVersions.includes(version)) continue;
      const record: JsonObject = { ...row, hours: hoursBetween(row.createdOn, resolved.get(String(row.id))) };
      lines.write(`${JSON.stringify(record)}\n`);
      table.write(`${formatCsvLine(columns.map((name) => record[name]))}\n`);
      const until = String(row.modifiedOn);
      last = {
        exportedUntil: until,
        exportedVersions: last.exportedUntil === until ? [...last.exportedVersions, version] : [version],
      };
      count += 1;
    }
    print(`exported ${count} cases, up to ${last.exportedUntil}`);
  }
  await Promise.all([finished(lines.end()), finished(table.end())]);
  await writeFile(stateFile, JSON.stringify(last));
  return count;
}

/** When each case was resolved the last time. */
async function resolutionTimes(client: Client): Promise<ReadonlyMap<string, string>> {
  const times = new Map<string, string>();
  const input = { orderBy: 'createdon', direction: 'asc', state: 'completed' };
  for await (const { case: about, createdOn } of client.list('case-resolution.list', input))
    times.set(String((about as JsonObject | null)?.id), String(createdOn));
  return times;
}

function hoursBetween(start: unknown, end: string | undefined): number | null {
  if (end === undefined) return null;
  return Math.round((Date.parse(end) - Date.parse(String(start))) / 360_000) / 10;
}

/** Exports twice: everything, then what changed in between. */
export async function serviceAnalytics(
  { client }: ExampleContext,
  print: (line: string) => void,
): Promise<void> {
  const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'cases-')));
  const first = await exportCases({ client, folder }, print);
  const [open] = (await client.run('case.list', { state: 'active', limit: 1 })).output as JsonObject[];
  await client.run('case.update', { id: open!.id!, priority: 'high' });
  const second = await exportCases({ client, folder }, print);
  print(`${first} cases, then ${second} that changed: ${folder}`);
}

if (isMainModule(import.meta.filename)) await runExample(serviceAnalytics);
