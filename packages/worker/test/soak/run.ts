/**
 * The long soak tests: `npm run soak`, or one of them with `npm run soak -- embedded` or `-- distributed`.
 * The exit code is 1 if an event was lost or repeated.
 */
import { soakDistributed } from './distributed.ts';
import { soakEmbedded } from './embedded.ts';

const [only] = process.argv.slice(2);
const report = (line: string) => console.log(`  ${line}`);
const results: Readonly<Record<string, number>>[] = [];

if (only !== 'distributed') {
  console.log('SQLite: 300 kills, 200 triggers');
  const result = await soakEmbedded({ triggers: 200, kills: 300, everyMs: 1000, changeEveryMs: 20, report });
  results.push({ ...result });
  console.log(results.at(-1));
}
if (only !== 'embedded') {
  console.log('PostgreSQL: 3 workers, 10,000 polls a minute, a kill every 20 s for 5 minutes, one restart');
  const result = await soakDistributed({
    workers: 3,
    triggers: 10_000,
    everyMs: 60_000,
    changeEveryMs: 10,
    kills: 15,
    killEveryMs: 20_000,
    restartBefore: 8,
    report,
  });
  results.push({ ...result });
  console.log(results.at(-1));
}
const problems = ['lost', 'undelivered', 'duplicated', 'unexpected', 'damaged', 'rescheduled'];
process.exit(results.some((result) => problems.some((problem) => (result[problem] ?? 0) > 0)) ? 1 : 0);
