/**
 * Reads a long list, row by row: `npm run bench:list`. ROWS (default 1,000,000), BREAKS (share of the pages that break at
 * a random place, default 0.02), SENDER (undici or node-fetch). Prints the CPU time of a row beside bare HTTP with
 * JSON.parse over the same library, in alternating rounds, and the memory above that before the list; then reads the list
 * from a server that breaks bodies, and checks that each row arrives once.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Client } from '../src/index.ts';
import { createBenchClient, openProduct } from './support/clients.ts';
import { compare } from './support/compare.ts';

const rows = Number(process.env.ROWS ?? 1_000_000);
const rounds = Number(process.env.ROUNDS ?? 5);
const sender = process.env.SENDER === 'node-fetch' ? 'node-fetch' : 'undici';

const startServer = async (breaks: number) => {
  const env = { ...process.env, ROWS: String(rows), BREAKS: String(breaks) };
  const child = fork(join(import.meta.dirname, 'support/page-server.ts'), { env });
  const [{ port }] = await once(child, 'message');
  return { child, origin: `http://127.0.0.1:${port}` };
};

const server = await startServer(0);
const product = await createBenchClient(`product, ${sender}`, server.origin);
const bare = await createBenchClient(`bare ${sender}`, server.origin);
const part = Math.ceil(rows / rounds);
const [ours] = await compare(
  [
    { name: 'client.list', work: () => product.list(part) },
    { name: 'bare', work: () => bare.list(part) },
  ],
  { rounds, operations: 1 },
);
console.log(
  `client.list over ${sender}: ${((ours?.cost.cpuUs ?? 0) / part).toFixed(2)} us CPU a row, x${ours?.ratio.cpuUs.toFixed(2)} of bare HTTP and JSON.parse (spread ${ours?.spread.toFixed(2)}), ${rounds} rounds of ${part} rows`,
);
server.child.disconnect();

await measureMemory();
await readBroken();

/** In a process of its own, since the rounds above have left garbage. */
async function measureMemory(): Promise<void> {
  const { child, origin } = await startServer(0);
  const reader = fork(join(import.meta.dirname, 'support/list-process.ts'), [origin, sender, String(rows)], {
    execArgv: [...process.execArgv],
  });
  const [{ baseMb, peakMb, heapMb, count }] = await once(reader, 'message');
  console.log(
    `${count} rows: ${baseMb} MB before the list, +${peakMb} MB resident at most, heap +${heapMb} MB at most`,
  );
  child.disconnect();
}

async function readBroken(): Promise<void> {
  const { child, origin } = await startServer(Number(process.env.BREAKS ?? 0.02));
  const client = await openProduct(origin, sender);
  const result = await readUntilDone(client);
  child.send('count');
  const [{ broken }] = await once(child, 'message');
  console.log(`with broken bodies: ${result.count} rows in order, each once; ${broken} bodies broke`);
  child.disconnect();
}

async function readUntilDone(client: Client): Promise<{ count: number }> {
  let count = 0;
  for await (const { id } of client.list('case.list', {}, { pageSize: 1000 })) {
    if (Number(String(id).slice(-12)) !== count) throw new Error(`row ${count} is ${id}`);
    count += 1;
  }
  if (count !== rows) throw new Error(`${count} rows instead of ${rows}`);
  return { count };
}
