/**
 * Compares the product over both senders with dynamics-web-api, with bare HTTP, and with its own sender alone: `npm run
 * bench:clients`. Server and clients run in processes of their own; rounds alternate, and ratios are computed round by
 * round. Operations that are not counted come first, because threads that compile hot functions count as work of a young
 * process: 120,000 single calls, or ten rounds of anything else. No garbage collection is forced: without a request in
 * flight, V8 discards the compiled functions with it. ROUNDS (default 7), SCALE (default 1) multiplies the number of
 * operations, WARM_UP is in rounds, WORK=get,batch100 selects.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BenchTask } from './support/client-process.ts';
import { clientNames } from './support/clients.ts';
import { type Comparison, type Cost, toComparisons } from './support/compare.ts';

const rounds = Number(process.env.ROUNDS ?? 7);
const scale = Number(process.env.SCALE ?? 1);

/** A task, and the number of rounds before those that count. */
const tasks: readonly (BenchTask & { readonly warmUp: number })[] = [
  { work: 'get', operations: 2000, concurrent: 16, warmUp: 60 },
  { work: 'post', operations: 2000, concurrent: 16, warmUp: 60 },
  { work: 'page50', operations: 300, concurrent: 8, warmUp: 10 },
  { work: 'batch100', operations: 40, concurrent: 4, warmUp: 10 },
  { work: 'page5000', operations: 6, concurrent: 1, warmUp: 10 },
];
const selected = (process.env.WORK ?? tasks.map(({ work }) => work).join(',')).split(',');

const start = (file: string, args: readonly string[] = []) =>
  fork(join(import.meta.dirname, 'support', file), args);

const server = start('page-server.ts');
const [{ port }] = await once(server, 'message');
const origin = `http://127.0.0.1:${port}`;
const clients = new Map<string, ChildProcess>();
for (const name of clientNames) {
  const child = start('client-process.ts', [name, origin]);
  await once(child, 'message');
  clients.set(name, child);
}

async function measure(child: ChildProcess, task: BenchTask): Promise<Cost> {
  child.send(task);
  const [cost] = await once(child, 'message');
  return cost as Cost;
}

/** Ratios of CPU time, with the difference between the largest and the smallest of the rounds. */
const bases = ['dynamics-web-api', 'bare node-fetch', 'bare undici'] as const;
const formatRatio = (comparison: Comparison | undefined) =>
  `x${comparison?.ratio.cpuUs.toFixed(2)} (${comparison?.spread.toFixed(2)})`.padEnd(15);
console.log(`CPU us, wall us, and CPU as a ratio (its spread) to: ${bases.join(', ')}`);

for (const task of tasks.filter(({ work }) => selected.includes(work))) {
  const operations = Math.ceil(task.operations * scale);
  const costs = clientNames.map((name) => ({ name, costs: [] as Cost[] }));
  const warmUp = operations * Number(process.env.WARM_UP ?? task.warmUp);
  for (const child of clients.values()) await measure(child, { ...task, operations: warmUp });
  for (let round = 0; round < rounds; round++)
    for (const { name, costs: own } of costs) {
      const child = clients.get(name);
      if (child !== undefined) own.push(await measure(child, { ...task, operations }));
    }
  console.log(`${task.work}: ${operations} operations, ${task.concurrent} at a time, ${rounds} rounds`);
  const ratiosTo = bases.map((base) => toComparisons(costs, base));
  for (const [n, { name, cost }] of toComparisons(costs, bases[0]).entries()) {
    const ratios = ratiosTo.map((comparisons) => formatRatio(comparisons[n]));
    console.log(
      `  ${name.padEnd(20)}${cost.cpuUs.toFixed(0).padStart(8)}${cost.wallUs.toFixed(0).padStart(8)}   ${ratios.join('   ')}`,
    );
  }
}
for (const child of [...clients.values(), server]) child.disconnect();
