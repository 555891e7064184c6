/**
 * What it costs to keep delivered events: the processor time of an event in the outbox (stored, claimed, acknowledged),
 * with and without keeping it, and the bytes of each kept event: `npm run bench:delivered`, or
 * `npm run bench:delivered -- postgres`. EVENTS=20000 sets the number of events of a round.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresWorkerStore } from '../packages/worker/src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../packages/worker/src/sqlite/open-sqlite-worker-store.ts';
import type { WorkerStore } from '../packages/worker/src/worker-store.ts';
import { openPostgres } from '../src/node/postgres.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { processTreeCpuMs } from './support/process-tree.ts';

const [kind = 'sqlite'] = process.argv.slice(2);
const eventCount = Number(process.env.EVENTS ?? 10_000);
const rounds = 5;
const batch = 500;
const folder = mkdtempSync(join(tmpdir(), 'd365-bench-'));
const server = kind === 'postgres' ? await startPostgres({ fsync: true }) : undefined;
const file = join(folder, 'worker.sqlite');
const store = server === undefined ? openSqliteWorkerStore(file) : await openPostgresWorkerStore(server.url);
await store.syncSubscriptions([{ id: 'a', connection: 'contoso', trigger: 'case.created' }]);

const row = { id: crypto.randomUUID(), title: 'A case', description: 'x'.repeat(1200), priority: 'high' };

async function storeEvents(target: WorkerStore, round: number): Promise<void> {
  for (let from = 0; from < eventCount; from += batch) {
    await target.resume('a');
    const [claim] = await target.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    const events = Array.from({ length: batch }, (_, at) => {
      const id = `${round}-${from + at}`;
      const item = { id, change: 'created', at: '2026-01-15T09:00:00Z', epoch: 0, sequence: 1, row } as const;
      return { rowId: id, item };
    });
    const result = { claim: claim!, events, checkpoint: {}, dueInMs: 60_000 };
    await target.commitPolls({ results: [result], writes: new Map() });
  }
}

/** Processor time of this process and of the database, in milliseconds. */
function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (server === undefined ? 0 : processTreeCpuMs(server.pid()));
}

/** Returns the processor time of an event, in microseconds. */
async function measure(round: number, keep: boolean): Promise<number> {
  const startMs = readCpuMs();
  await storeEvents(store, round);
  const limits = { maxDeliveries: batch, maxPerTarget: batch, inFlight: new Map() };
  for (;;) {
    const claimed = await store.claimDeliveries({ ...limits, proved: new Map([['a', batch]]) });
    if (claimed.length === 0) break;
    await Promise.all(claimed.map((delivery) => store.acknowledge(delivery, { keep })));
  }
  return (1000 * (readCpuMs() - startMs)) / eventCount;
}

async function readSize(): Promise<number> {
  if (server === undefined)
    return statSync(file).size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0);
  const database = await openPostgres(server.url);
  const [size] = await database.query<{ size: number }>(
    "SELECT (pg_total_relation_size('d365.delivered'))::float8 AS size",
  );
  await database.close();
  return size?.size ?? 0;
}

await measure(0, false);
const ratios: number[] = [];
const before = await readSize();
for (let round = 1; round <= rounds; round++) {
  const [without, kept] = [await measure(2 * round, false), await measure(2 * round + 1, true)];
  ratios.push(kept / without);
  console.log(
    `not kept ${Math.round(without)} µs  kept ${Math.round(kept)} µs  ratio ${(kept / without).toFixed(2)}`,
  );
}
ratios.sort((a, b) => a - b);
const bytes = ((await readSize()) - before) / (rounds * eventCount);
console.log(
  `${kind}: median ratio ${ratios[Math.floor(rounds / 2)]!.toFixed(2)} (${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)}), ` +
    `${Math.round(bytes)} bytes for a kept event of ${JSON.stringify(row).length} bytes`,
);
await store.close();
await server?.stop();
rmSync(folder, { recursive: true });
