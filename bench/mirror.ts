/**
 * Measures a mirror: `npm run bench:mirror`. ROWS=1000000, TARGET=sqlite (postgres, or duckdb with its package in the
 * folder D365_DUCKDB). Prints the time and the memory of the first load, the time from an edit to the copy while 10,000
 * rows a minute are edited (SECONDS=30), and the time in which `verify --cells` finds one changed cell. With
 * ROWS_PER_SECOND=5000 the organization gives no more rows, and the load is compared with the two walks that it consists of.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { verifyMirror } from '../packages/mirror/src/verify.ts';
import { proofTable } from '../packages/mirror/test/proof/proof-table.ts';
import type { MirrorProcessOptions } from '../packages/mirror/test/soak/messages.ts';
import { openLocation } from '../packages/mirror/test/soak/open-location.ts';
import { createPacedSender } from '../packages/mirror/test/soak/paced-sender.ts';
import {
  openSoakOrganization,
  type SoakOrganization,
} from '../packages/mirror/test/soak/soak-organization.ts';
import { startMirror } from '../packages/mirror/test/soak/start-mirror.ts';
import { openConnection } from '../src/client/connect.ts';
import { runtimeOf } from '../src/client/connector.ts';
import type { AnyConnector } from '../src/client/untyped.ts';
import { createSender } from '../src/node/create-sender.ts';
import { loadConnector } from '../src/node/load-connector.ts';

const kind = process.env.TARGET ?? 'sqlite';
const rows = Number(process.env.ROWS ?? 1_000_000);
const seconds = Number(process.env.SECONDS ?? 30);
const rowsPerSecond =
  process.env.ROWS_PER_SECOND === undefined ? undefined : Number(process.env.ROWS_PER_SECOND);
const editsPerMinute = 10_000;

const organization = await openSoakOrganization(kind, rows);
const { sandbox, target } = organization;
const orgUrl = sandbox.organization.origin;
const token = sandbox.issueToken();
const options: MirrorProcessOptions = { orgUrl, token, target, everyMs: 1000, limits: {}, rowsPerSecond };
console.log(`${kind}: ${rows} rows${rowsPerSecond === undefined ? '' : `, ${rowsPerSecond} rows a second`}`);

const walksMs = rowsPerSecond === undefined ? undefined : await measureWalks(rowsPerSecond);
const startedAt = performance.now();
const mirror = await startMirror(options);
await mirror.reach('follow');
const loadMs = performance.now() - startedAt;
const ratio = walksMs === undefined ? '' : `, ${(loadMs / walksMs).toFixed(2)} times both walks alone`;
console.log(`first load: ${toSeconds(loadMs)}${ratio}; memory above base: ${mirror.extraMb()} MB`);
if (rowsPerSecond === undefined && kind !== 'duckdb') await measureLag(organization);
console.log(`memory above base in the end: ${mirror.extraMb()} MB`);
await mirror.kill();
if (rowsPerSecond === undefined) await measureVerify();
await organization.close();
process.exit();

/** Reads all rows, and then all keys, as the load does, without writing them. */
async function measureWalks(rate: number): Promise<number> {
  const send = createPacedSender(createSender(), rate);
  const at = performance.now();
  const columns = proofTable.attributes.map(({ logicalName }: { logicalName: string }) => logicalName);
  for (const [select, size] of [
    [['new_ticketid', 'versionnumber', 'modifiedon', 'new_name', ...columns], 1000],
    [['new_ticketid', 'versionnumber', 'modifiedon'], 5000],
  ] as const) {
    let url: string | undefined = `${orgUrl}/api/data/v9.2/${proofTable.set}?$select=${select.join(',')}`;
    while (url !== undefined) {
      const headers = { authorization: `Bearer ${token}`, prefer: `odata.maxpagesize=${size}` };
      const response = await send({ method: 'GET', url, headers });
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      url = (JSON.parse(Buffer.concat(chunks).toString()) as { '@odata.nextLink'?: string })[
        '@odata.nextLink'
      ];
    }
  }
  return performance.now() - at;
}

/** Writes the time into a row once a second, between other edits, and waits until the copy has it. */
async function measureLag({ edits }: SoakOrganization): Promise<void> {
  const copy = await openLocation(target);
  const { store } = sandbox.organization;
  const actor = { userId: sandbox.organization.findSystemUserId(sandbox.user)! };
  const { id } = store.insert(proofTable.logicalName, { new_name: 'marker' }, actor);
  const table = copy.dialect.tableName(proofTable.logicalName);
  const lags: number[] = [];
  const timer = setInterval(() => edits.run(Math.round(editsPerMinute / 600)), 100);
  for (let second = 0; second < seconds; second++) {
    const number = second + 1;
    const at = performance.now();
    store.update({ table: proofTable.logicalName, id, values: { new_count: number }, actor });
    for (;;) {
      const [row] = await copy.query<{ readonly new_count: number }>(
        `SELECT new_count FROM ${table} WHERE new_ticketid = $1`,
        [id],
      );
      if (Number(row?.new_count) === number) break;
      await wait(20);
    }
    lags.push(performance.now() - at);
    await wait(Math.max(0, 1000 - (performance.now() - at)));
  }
  clearInterval(timer);
  await copy.close();
  lags.sort((a, b) => a - b);
  const share = (part: number) => toSeconds(lags[Math.floor(lags.length * part)] ?? 0);
  console.log(
    `from an edit to the copy: median ${share(0.5)}, 95 % ${share(0.95)}, longest ${toSeconds(lags.at(-1) ?? 0)}`,
  );
}

async function measureVerify(): Promise<void> {
  const copy = await openLocation(target);
  const table = copy.dialect.tableName(proofTable.logicalName);
  const [row] = await copy.query<{ readonly id: string }>(
    `SELECT new_ticketid AS id FROM ${table} ORDER BY new_ticketid LIMIT 1`,
  );
  await copy.query(`UPDATE ${table} SET new_text = 'changed' WHERE new_ticketid = $1`, [row?.id ?? '']);
  const connector: AnyConnector = await loadConnector();
  const credential = { kind: 'host' as const, getToken: () => ({ token }) };
  const connection = openConnection(runtimeOf(connector), { orgUrl }, credential, { allowLoopback: true });
  const tables = new Map([[proofTable.logicalName, {}]]);
  const mirrorOptions = { connection, target: copy, tables, everyMs: 1000, log: () => {} };
  for (const cells of [false, true]) {
    const at = performance.now();
    const [found] = await verifyMirror(mirrorOptions, { repair: false, cells }, new AbortController().signal);
    console.log(`verify${cells ? ' --cells' : ''}: ${toSeconds(performance.now() - at)}`, found);
  }
  await copy.close();
}

function toSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
