/**
 * What a check of a query costs on a large organization: `node bench/query-check.ts`.
 * 2,000 tables of 150 columns, served over HTTP on this machine by a process of its own.
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
const millis = async (work: () => Promise<unknown>) => {
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

const first = await millis(() => client.checkQuery(query(1)));
const others: number[] = [];
for (let table = 2; table < 42; table++) others.push(await millis(() => client.checkQuery(query(table))));
const later: number[] = [];
for (let round = 0; round < 500; round++)
  later.push(await millis(() => client.checkQuery(query(1 + (round % 40)))));
const faulty: number[] = [];
for (let round = 0; round < 200; round++) {
  faulty.push(
    await millis(() =>
      client.checkQuery({ ...query(1 + (round % 40)), filter: "new_colum7 eq 'x' and (new_choice1 = 'One'" }),
    ),
  );
}

const middle = (times: readonly number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
const worst = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
const row = (name: string, times: readonly number[]) =>
  console.log(
    `${name.padEnd(34)} ${middle(times).toFixed(2).padStart(8)} ms  (99 %: ${worst(times).toFixed(2)} ms)`,
  );
console.log(`${'first check after connect'.padEnd(34)} ${first.toFixed(2).padStart(8)} ms`);
row('first check of another table', others);
row('later check, nothing wrong', later);
row('later check, three errors repaired', faulty);
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0).padStart(8)} MB`;
const { rss, heapUsed } = process.memoryUsage();
console.log(`${'memory that the checks added'.padEnd(34)} ${megabytes(rss - before)}`);
console.log(
  `${'memory of the whole process'.padEnd(34)} ${megabytes(rss)}  (heap in use: ${megabytes(heapUsed).trim()})`,
);
child.disconnect();
