/**
 * Upserts 100,000 contacts from a CSV file into a sandbox with the limits of Dataverse: `npm run bench:bulk`. The first
 * writer is killed at 40 % and started again. Then the same with one call for each row, and with the batches of another
 * client.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

const rows = Number(process.env.ROWS ?? 100_000);
const folder = await mkdtemp(join(tmpdir(), 'bulk-'));
const file = join(folder, 'contacts.csv');

interface ProcessMessage {
  readonly progress?: { readonly written: number };
  readonly seconds?: number;
  readonly requests?: number;
  readonly throttled?: number;
  readonly contacts?: number;
  readonly origin?: string;
  readonly token?: string;
}

await writeCsv();
await measureWriter('ours', rows, true);
await measureWriter('ours', Math.min(rows, 20_000), false);
await measureWriter('one-by-one', Math.min(rows, 2000), false);
await measureWriter('dynamics-web-api', Math.min(rows, 20_000), false);

async function writeCsv(): Promise<void> {
  const csv = createWriteStream(file);
  csv.write('email,firstName,lastName\n');
  for (let i = 0; i < rows; i++) csv.write(`person${i}@example.com,Ann,Nguyen ${i}\n`);
  await finished(csv.end());
}

/** Each writer gets its own sandbox. */
async function measureWriter(method: string, count: number, isKilled: boolean): Promise<void> {
  const server = fork(join(import.meta.dirname, 'support/bulk-sandbox.ts'));
  const { origin = '', token = '' } = await waitForMessage(server, ({ origin }) => origin !== undefined);
  const args = [method, origin, token, file, String(count), join(folder, `${method}-${isKilled}.db`)];
  const writer = () => fork(join(import.meta.dirname, 'support/bulk-writer.ts'), args);
  const started = performance.now();
  if (isKilled) {
    const first = writer();
    await waitForMessage(first, ({ progress }) => (progress?.written ?? 0) >= count * 0.4);
    first.kill('SIGKILL');
  }
  const { requests = 0, throttled = 0 } = await waitForMessage(
    writer(),
    ({ seconds }) => seconds !== undefined,
  );
  const seconds = (performance.now() - started) / 1000;
  server.send('count');
  const { contacts } = await waitForMessage(server, ({ contacts }) => contacts !== undefined);
  const rate = Math.round(count / seconds);
  const killed = isKilled ? ', killed at 40 % and resumed' : '';
  console.log(
    `${method.padEnd(17)} ${count} rows in ${seconds.toFixed(1)} s${killed}: ${rate} rows/s, ` +
      `${requests} requests (last run), ${throttled} 429 responses; ${contacts} contacts in the organization`,
  );
  server.disconnect();
  if (contacts !== count) throw new Error(`The organization has ${contacts} contacts instead of ${count}.`);
}

async function waitForMessage(
  process: ChildProcess,
  matches: (message: ProcessMessage) => boolean,
): Promise<ProcessMessage> {
  return await new Promise((resolve, reject) => {
    process.on('message', (message: ProcessMessage) => {
      if (matches(message)) resolve(message);
    });
    process.once('exit', (code) => reject(new Error(`The process ended with exit code ${code}.`)));
  });
}
