import { type BenchClient, createBenchClient } from './clients.ts';

/** Runs in its own process: `<client> <origin>` does the work that it is asked for, and sends its cost. */
export interface BenchTask {
  readonly work: Exclude<keyof BenchClient, 'list'>;
  readonly operations: number;
  readonly concurrent: number;
}

const [name = '', origin = ''] = process.argv.slice(2);
const client = await createBenchClient(name, origin);

process.on('message', async ({ work, operations, concurrent }: BenchTask) => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let started = 0;
  const run = async () => {
    while (started++ < operations) await client[work]();
  };
  await Promise.all(Array.from({ length: concurrent }, run));
  const used = process.cpuUsage(cpu);
  process.send?.({
    cpuUs: (used.user + used.system) / operations,
    wallUs: ((performance.now() - start) * 1000) / operations,
  });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
