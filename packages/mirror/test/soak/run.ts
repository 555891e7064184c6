/**
 * Kills the process of a mirror again and again while rows are edited, and compares the copy row by row:
 * `npm run soak:mirror`. ROWS=6000, KILLS=15, TARGET=sqlite (postgres, or duckdb with its package in the folder
 * D365_DUCKDB) and SEED=1 set the size. The exit code is 1 if a row differs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseState } from '../../src/table/table-state.ts';
import { layoutTables } from '../../src/target/layout.ts';
import { compareCopy } from '../proof/compare-copy.ts';
import { editedColumns, proofTable } from '../proof/proof-table.ts';
import { openLocation } from './open-location.ts';
import { openSoakOrganization } from './soak-organization.ts';
import { startMirror } from './start-mirror.ts';

const kind = process.env.TARGET ?? 'sqlite';
const rows = Number(process.env.ROWS ?? 6000);
const kills = Number(process.env.KILLS ?? 15);
const overlapMs = 4000;
const editEveryMs = 10;

const { sandbox, edits, random, target, close } = await openSoakOrganization(kind, rows);
const { organization } = sandbox;
const limits = { overlapMs, windowEveryMs: 1000, checkEveryMs: 3000, columnsEveryMs: 2000 };
const options = { orgUrl: organization.origin, target, everyMs: 200, limits };
// A token lasts an hour, which many kills of a large mirror exceed.
const start = () => startMirror({ ...options, token: sandbox.issueToken() });

const timer = setInterval(() => edits.run(3), editEveryMs);
for (let number = 0; number < kills; number++) {
  const mirror = await start();
  await mirror.reach();
  await sleep(random() * 1500);
  await mirror.kill();
  if (number % 7 === 6) organization.expireDeltaTokens();
}
clearInterval(timer);
do {
  const mirror = await start();
  await mirror.reach('follow');
  // Transactions end, and the walk an overlap after the last link takes place.
  await sleep(4 * overlapMs);
  await mirror.kill();
} while (await isWalking());

const copy = await openLocation(target);
const columns = ['new_ticketid', 'versionnumber', 'modifiedon', ...editedColumns];
const differences = await compareCopy(sandbox, copy, columns);
await copy.close();
await close();
console.log(JSON.stringify({ target: kind, rows, kills, edits: edits.count, ...differences }));
// The library of the PostgreSQL server ends a process that ends by itself with 0, whatever its exit code is.
process.exit(differences.missing + differences.extra + differences.wrong === 0 ? 0 : 1);

/** Whether a walk over the keys goes on, or is repeated an overlap after it: of many rows, it takes longer than the wait. */
async function isWalking(): Promise<boolean> {
  const stopped = await openLocation(target);
  const table = stopped.dialect.tableName(layoutTables.table);
  const [row] = await stopped.query<{ readonly state: string }>(`SELECT state FROM ${table}`);
  await stopped.close();
  const {
    walk,
    links,
    walkedAtMs = 0,
    nextWalkAtMs = 0,
  } = parseState(proofTable.logicalName, row?.state ?? '');
  return walk !== undefined || links === undefined || nextWalkAtMs - walkedAtMs <= overlapMs;
}
