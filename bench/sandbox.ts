/**
 * Measures the response times of a sandbox with a million cases in a file, over HTTP:
 * `node --conditions=development bench/sandbox.ts [cases] [file]`. The sandbox runs in its own process. An existing file
 * is used unchanged.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [cases = '1000000', existingFile] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'sandbox-bench-'));
const file = existingFile ?? join(folder, 'organization.db');
const script = join(import.meta.dirname, 'support/filled-sandbox.ts');
const rounds = 25;
/** Limits for a first page and a page of changes, and for the memory of the process. */
const maxAllowed = { pageMs: 50, memoryMb: 300 };

if (!existsSync(file)) await fill();
const child = fork(script, ['serve', file]);
const { origin, token } = await nextMessage<{ origin: string; token: string }>(child);
const agent = new Agent({ keepAlive: true });
const api = `${origin}/api/data/v9.2`;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

const columns = '$select=title,ticketnumber,prioritycode,statuscode,createdon,_customerid_value';
const lists: Readonly<Record<string, string>> = {
  'open, of high priority, newest first': `${columns}&$filter=statecode eq 0 and prioritycode eq 1&$orderby=createdon desc`,
  'changed in the last week, in order': `${columns}&$filter=modifiedon ge ${daysAgo(7)}&$orderby=modifiedon,incidentid`,
  'of customers in one city': `${columns}&$filter=customerid_account/address1_city eq 'Porto'`,
  'title begins with': `${columns}&$filter=startswith(title,'refund 12')`,
  'one ticket by its title, every column': `$filter=title eq 'Refund 1234'`,
  'with the customer expanded': `${columns}&$filter=statecode eq 0&$expand=customerid_account($select=name)`,
};

let slowest = 0;
for (const [name, query] of Object.entries(lists)) {
  await report(`first page: ${name}`, `${api}/incidents?${encodeURI(query)}`, 'odata.maxpagesize=50');
}
const delta = await firstDeltaLink();
await report('page of changes: none', delta);
await updateCases(50);
await report('page of changes: 50 cases', delta);

const largest = await get(`${api}/incidents?${columns}`, 'odata.maxpagesize=5000');
console.log(formatLine('largest page, 5,000 rows', `${largest.ms.toFixed(1)} ms`));
const aggregate = `$apply=filter(createdon ge ${daysAgo(60)})/groupby((prioritycode),aggregate($count as n))`;
const aggregated = await get(`${api}/incidents?${encodeURI(aggregate)}`);
console.log(formatLine('aggregate over 60 days', `${aggregated.ms.toFixed(1)} ms`));
const memory = await memoryOf(child);
console.log(formatLine('memory of the sandbox process', `${memory.toFixed(0)} MB`));
agent.destroy();
child.disconnect();
rmSync(folder, { recursive: true });
process.exitCode = slowest < maxAllowed.pageMs && memory < maxAllowed.memoryMb ? 0 : 1;

async function fill(): Promise<void> {
  const start = performance.now();
  const writer = fork(script, ['fill', file, cases]);
  writer.on('message', ({ filled }: { filled: number }) => {
    if (filled % 100_000 === 0) console.error(`${filled} cases written`);
  });
  const code = await new Promise((resolve) => writer.once('exit', resolve));
  if (code !== 0) throw new Error('The process that writes the cases failed.');
  console.log(formatLine(`writing ${cases} cases`, `${((performance.now() - start) / 1000).toFixed(0)} s`));
}

/** Prints the median and the maximum of several requests, after one request to warm up. */
async function report(name: string, url: string, prefer?: string): Promise<void> {
  const firstMs = (await get(url, prefer)).ms;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await get(url, prefer)).ms);
  times.sort((a, b) => a - b);
  const median = times[Math.floor(rounds / 2)] ?? Number.NaN;
  slowest = Math.max(slowest, median);
  const details = `first ${firstMs.toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms`;
  console.log(formatLine(name, `${median.toFixed(1)} ms  (${details})`));
}

/** Reads all pages of the first synchronization; the last page has the delta link. */
async function firstDeltaLink(): Promise<string> {
  const start = performance.now();
  let url = `${api}/incidents?$select=title,modifiedon`;
  for (let page = 1; ; page++) {
    const { body } = await get(url, 'odata.track-changes,odata.maxpagesize=5000');
    if (body['@odata.nextLink'] === undefined) {
      const ms = performance.now() - start;
      console.log(formatLine(`synchronization, ${page} pages`, `${(ms / page).toFixed(1)} ms per page`));
      return String(body['@odata.deltaLink']);
    }
    url = String(body['@odata.nextLink']);
  }
}

async function updateCases(count: number): Promise<void> {
  const { body } = await get(`${api}/incidents?$select=incidentid&$filter=statecode%20eq%200&$top=${count}`);
  for (const { incidentid } of body.value as readonly { incidentid: string }[]) {
    await send('PATCH', `${api}/incidents(${incidentid})`, {
      body: JSON.stringify({ description: 'Seen.' }),
    });
  }
}

async function get(url: string, prefer?: string) {
  const start = performance.now();
  const text = await send('GET', url, { prefer });
  const ms = performance.now() - start;
  return { ms, body: JSON.parse(text) as Record<string, unknown> };
}

function send(
  method: string,
  url: string,
  { prefer, body }: { prefer?: string; body?: string },
): Promise<string> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (prefer !== undefined) headers.Prefer = prefer;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      if ((response.statusCode ?? 500) < 300) resolve(text);
      else reject(new Error(`${response.statusCode} ${text}`));
    });
    sent.on('error', reject).end(body);
  });
}

async function memoryOf(process: ChildProcess): Promise<number> {
  process.send('memory');
  return (await nextMessage<{ rss: number }>(process)).rss / 2 ** 20;
}

function nextMessage<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve) => process.once('message', (message) => resolve(message as T)));
}

function formatLine(name: string, figure: string): string {
  return `${name.padEnd(50)} ${figure}`;
}
