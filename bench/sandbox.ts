/**
 * How a sandbox with a million cases in a file answers over HTTP: `node bench/sandbox.ts [cases] [file]`.
 * The sandbox runs in a process of its own; a file that is there already is used as it is.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [cases = '1000000', given] = process.argv.slice(2);
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'sandbox-bench-')) : undefined;
const file = given ?? join(folder!, 'organization.db');
const script = join(import.meta.dirname, 'support/filled-sandbox.ts');
const rounds = 25;
/** Milliseconds that a first page and a page of changes may take, and megabytes of the whole process. */
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
await report('page of changes: nothing new', delta);
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
if (folder !== undefined) rmSync(folder, { recursive: true });
process.exitCode = slowest < maxAllowed.pageMs && memory < maxAllowed.memoryMb ? 0 : 1;

async function fill(): Promise<void> {
  const start = performance.now();
  const filling = fork(script, ['fill', file, cases]);
  filling.on('message', ({ filled }: { filled: number }) => {
    if (filled % 100_000 === 0) console.error(`${filled} cases written`);
  });
  const code = await new Promise((resolve) => filling.once('exit', resolve));
  if (code !== 0) throw new Error('The file could not be filled.');
  console.log(formatLine(`writing ${cases} cases`, `${((performance.now() - start) / 1000).toFixed(0)} s`));
}

/** Median and slowest of several requests, after one that warms up. */
async function report(name: string, url: string, prefer?: string): Promise<void> {
  const cold = (await get(url, prefer)).ms;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await get(url, prefer)).ms);
  times.sort((a, b) => a - b);
  const median = times[Math.floor(rounds / 2)]!;
  slowest = Math.max(slowest, median);
  const details = `first ${cold.toFixed(1)} ms, slowest ${times.at(-1)!.toFixed(1)} ms`;
  console.log(formatLine(name, `${median.toFixed(1)} ms  (${details})`));
}

/** Walks all pages of the first synchronisation; its last page has the link. */
async function firstDeltaLink(): Promise<string> {
  const start = performance.now();
  let url = `${api}/incidents?$select=title,modifiedon`;
  for (let page = 1; ; page++) {
    const { body } = await get(url, 'odata.track-changes,odata.maxpagesize=5000');
    if (body['@odata.nextLink'] === undefined) {
      const ms = performance.now() - start;
      console.log(formatLine(`synchronisation, ${page} pages`, `${(ms / page).toFixed(1)} ms a page`));
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
  const text = await send('GET', url, prefer === undefined ? {} : { prefer });
  const ms = performance.now() - start;
  return { ms, body: JSON.parse(text) as Record<string, unknown> };
}

function send(
  method: string,
  url: string,
  { prefer, body }: { prefer?: string; body?: string },
): Promise<string> {
  const headers = {
    Authorization: `Bearer ${token}`,
    ...(prefer !== undefined && { Prefer: prefer }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const piece of answer) chunks.push(piece as Buffer);
      const text = Buffer.concat(chunks).toString();
      if (answer.statusCode! < 300) resolve(text);
      else reject(new Error(`${answer.statusCode} ${text}`));
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
