/**
 * Measures the check of queries against a large organization: `node --conditions=development bench/query-check.ts`.
 * A separate process serves 2,000 tables with 150 columns each over HTTP.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { loadConnector } from '../src/index.ts';

const child = fork(join(import.meta.dirname, 'support/large-organization.ts'));
const port = await new Promise<number>((resolve) =>
  child.once('message', (value) => resolve(value as number)),
);
const connector = await loadConnector();
const client = connector.connect(
  { orgUrl: `http://127.0.0.1:${port}` },
  { kind: 'host', getToken: () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER }) },
  { allowLoopback: true },
);

const before = process.memoryUsage().rss;
const measureMs = async (work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const query = (table: number) => ({
  table: `new_table${table}`,
  filter: "new_column7 eq 'x' and (new_choice1 eq 1 or new_column12 ne null)",
  select: 'new_name,new_column1,new_column2',
  orderBy: 'createdon desc',
});

const firstMs = await measureMs(() => client.checkQuery(query(1)));
const otherTables: number[] = [];
for (let table = 2; table < 42; table++)
  otherTables.push(await measureMs(() => client.checkQuery(query(table))));
const valid: number[] = [];
for (let round = 0; round < 500; round++)
  valid.push(await measureMs(() => client.checkQuery(query(1 + (round % 40)))));
const invalid: number[] = [];
for (let round = 0; round < 200; round++) {
  invalid.push(
    await measureMs(() =>
      client.checkQuery({ ...query(1 + (round % 40)), filter: "new_colum7 eq 'x' and (new_choice1 = 'One'" }),
    ),
  );
}

const percentile = (times: readonly number[], share: number) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
const printRow = (name: string, times: readonly number[]) =>
  console.log(
    `${name.padEnd(34)} ${percentile(times, 0.5).toFixed(2).padStart(8)} ms  (p99: ${percentile(times, 0.99).toFixed(2)} ms)`,
  );
console.log(`${'first check after connect'.padEnd(34)} ${firstMs.toFixed(2).padStart(8)} ms`);
printRow('first check of another table', otherTables);
printRow('later check, valid query', valid);
printRow('later check, three errors repaired', invalid);
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0).padStart(8)} MB`;
const { rss, heapUsed } = process.memoryUsage();
console.log(`${'memory of the checks'.padEnd(34)} ${megabytes(rss - before)}`);
console.log(
  `${'memory of the process'.padEnd(34)} ${megabytes(rss)}  (used heap: ${megabytes(heapUsed).trim()})`,
);
child.disconnect();
