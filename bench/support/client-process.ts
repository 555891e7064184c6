import { type BenchClient, createBenchClient } from './clients.ts';

/**
 * Runs in its own process: `<client> <origin>` does the work that it is asked for, and sends its cost. A quarter more comes
 * first and is not counted: while other clients take their turns, V8 collects garbage and discards compiled functions.
 */
export interface BenchTask {
  readonly work: Exclude<keyof BenchClient, 'list'>;
  readonly operations: number;
  readonly concurrent: number;
}

const [name = '', origin = ''] = process.argv.slice(2);
const client = await createBenchClient(name, origin);

process.on('message', async ({ work, operations, concurrent }: BenchTask) => {
  const run = async (count: number) => {
    let started = 0;
    const repeat = async () => {
      while (started++ < count) await client[work]();
    };
    await Promise.all(Array.from({ length: concurrent }, repeat));
  };
  await run(Math.ceil(operations / 4));
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run(operations);
  const used = process.cpuUsage(cpu);
  process.send?.({
    cpuUs: (used.user + used.system) / operations,
    wallUs: ((performance.now() - start) * 1000) / operations,
  });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
