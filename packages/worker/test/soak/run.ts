/**
 * The long soaks: `npm run soak`, or one of them with `npm run soak -- embedded` or `-- distributed`.
 * Ends with code 1 when anything was lost or repeated.
 */
import { soakDistributed } from './distributed.ts';
import { soakEmbedded } from './embedded.ts';

const [only] = process.argv.slice(2);
const report = (line: string) => console.log(`  ${line}`);
const results: Readonly<Record<string, number>>[] = [];

if (only !== 'distributed') {
  console.log('one file: 300 kills while 200 triggers poll');
  results.push({
    ...(await soakEmbedded({ triggers: 200, kills: 300, everyMs: 1000, changeEveryMs: 20, report })),
  });
  console.log(results.at(-1));
}
if (only !== 'embedded') {
  console.log('PostgreSQL: 3 workers, 10,000 triggers a minute, a kill each 20 s for 5 minutes, one restart');
  const soak = { workers: 3, triggers: 10_000, everyMs: 60_000, changeEveryMs: 10 };
  const disruptions = { kills: 15, killEveryMs: 20_000, restartBefore: 8 };
  results.push({ ...(await soakDistributed({ ...soak, ...disruptions, report })) });
  console.log(results.at(-1));
}
const failureKinds = ['lost', 'undelivered', 'duplicated', 'invented', 'damaged', 'rescheduled'];
process.exit(results.some((result) => failureKinds.some((fault) => (result[fault] ?? 0) > 0)) ? 1 : 0);
