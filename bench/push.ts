/**
 * Compares instant triggers with polling each second: `npm run bench:push`. 100 tables of a sandbox have a subscription
 * each; rows are created in 5 of them in each minute. Prints the time from the write to the delivery, and the requests of
 * the worker in a minute; then the same beside a busy table (50 rows a second), whose figures have a line of their own.
 * TABLES=100, CHANGES=5 (a minute), RATE=50 and MINUTES=3 set the size. Worker and organization share a process, so the
 * times are upper bounds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createWorkerMetrics } from '../packages/worker/src/metrics.ts';
import { createPoller } from '../packages/worker/src/poller.ts';
import { createPush } from '../packages/worker/src/push/create-push.ts';
import type { PushReceiver } from '../packages/worker/src/push/push-receiver.ts';
import { servePush } from '../packages/worker/src/push/push-server.ts';
import { openSqliteWorkerStore } from '../packages/worker/src/sqlite/open-sqlite-worker-store.ts';
import type { Subscription } from '../packages/worker/src/subscription.ts';
import { runWorker } from '../packages/worker/src/worker.ts';
import { defaultWorkerLimits } from '../packages/worker/src/worker-options.ts';
import { openConnection } from '../src/client/connect.ts';
import { runtimeOf } from '../src/client/connector.ts';
import type { AnyConnector } from '../src/client/untyped.ts';
import type { HttpSender } from '../src/model/http.ts';
import { Secret } from '../src/model/secret.ts';
import { systemClock } from '../src/node/clock.ts';
import { createSender } from '../src/node/create-sender.ts';
import { loadConnector } from '../src/node/load-connector.ts';

const tableCount = Number(process.env.TABLES ?? 100);
const changesPerMinute = Number(process.env.CHANGES ?? 5);
const busyRate = Number(process.env.RATE ?? 50);
const minutes = Number(process.env.MINUTES ?? 3);
const busyTable = 'new_rapid';
const quietTables = Array.from({ length: tableCount }, (_, at) => `new_quiet${at}`);

interface Measurement {
  readonly latenciesMs: readonly number[];
  readonly requests: number;
}

/** What was measured for the quiet tables and for the busy one, in `minutes`. */
type Measurements = Readonly<Record<'quiet' | 'busy', Measurement>>;

interface Run {
  readonly push: boolean;
  readonly isBusy: boolean;
}

async function measure({ push: hasPush, isBusy }: Run): Promise<Measurements> {
  const sandbox = await openOrganization();
  const folder = mkdtempSync(join(tmpdir(), 'd365-bench-push-'));
  const requests = { quiet: 0, busy: 0 };
  const sender = createSender();
  const send: HttpSender = (request) => {
    requests[request.url.includes(busyTable) ? 'busy' : 'quiet'] += 1;
    return sender(request);
  };
  const connector: AnyConnector = await loadConnector({ send });
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl: sandbox.organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken(sandbox.app) }) },
    { allowLoopback: true },
  );
  const writtenAt = new Map<string, number>();
  const latencies: Record<'quiet' | 'busy', number[]> = { quiet: [], busy: [] };
  const subscriptions = new Map(
    [...quietTables, ...(isBusy ? [busyTable] : [])].map((table) => {
      const deliver: Subscription['deliver'] = async ({ rowId }) => {
        const at = writtenAt.get(rowId);
        if (at !== undefined) latencies[table === busyTable ? 'busy' : 'quiet'].push(performance.now() - at);
      };
      return [table, toSubscription(table, { hasPush, deliver })] as const;
    }),
  );
  const connections = new Map([['contoso', connection]]);
  const store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
  const platform = { store, metrics: createWorkerMetrics(), clock: systemClock, log: () => {} };
  let receive: PushReceiver = async () => ({ status: 404 });
  const server = await servePush({ host: '127.0.0.1', port: 0 }, (request) => receive(request));
  const address = {
    url: `${server.url}/d365`,
    secret: new Secret('a secret of more than thirty-two characters'),
  };
  const stop = new AbortController();
  const limits = defaultWorkerLimits;
  const running = [
    runWorker(
      { ...platform, subscriptions, limits, poll: createPoller(connections), random: Math.random },
      stop.signal,
    ),
  ];
  if (hasPush) {
    const push = createPush({ ...platform, address, connections, subscriptions });
    ({ receive } = push);
    running.push(push.run(stop.signal));
  }
  const isReady = async () =>
    (await store.status()).every(
      ({ state, polls, push }) => polls > 0 && state === 'active' && (!hasPush || push !== undefined),
    );
  while (!(await isReady())) await wait(500);
  requests.quiet = 0;
  requests.busy = 0;
  await writeRows(sandbox, { isBusy, writtenAt });
  const counted = { ...requests };
  await wait(3000);
  stop.abort();
  await Promise.all(running);
  await server.close();
  await store.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
  return {
    quiet: { latenciesMs: latencies.quiet, requests: counted.quiet },
    busy: { latenciesMs: latencies.busy, requests: counted.busy },
  };
}

async function openOrganization(): Promise<Sandbox> {
  const limits = { maxRequests: 1e9, maxExecutionMs: 1e9, maxConcurrentRequests: 1000 };
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], limits });
  for (const logicalName of [...quietTables, busyTable]) sandbox.organization.store.addTable({ logicalName });
  return sandbox;
}

/** With push, polls on schedule are five minutes apart; without it, a second. */
function toSubscription(
  table: string,
  { hasPush, deliver }: { readonly hasPush: boolean } & Pick<Subscription, 'deliver'>,
): Subscription {
  return {
    ...{ id: table, connection: 'contoso', feed: `contoso/${table}`, trigger: 'record.created', deliver },
    params: { table },
    everyMs: hasPush ? 60_000 : 1000,
    ...(hasPush ? { push: { everyMs: 300_000 } } : {}),
  };
}

interface Writing {
  readonly isBusy: boolean;
  readonly writtenAt: Map<string, number>;
}

/** Creates rows over the Web API for `minutes`. */
async function writeRows(sandbox: Sandbox, { isBusy, writtenAt }: Writing): Promise<void> {
  const token = sandbox.issueToken(sandbox.app);
  const create = async (table: string) => {
    const id = crypto.randomUUID();
    writtenAt.set(id, performance.now());
    const response = await fetch(`${sandbox.organization.origin}/api/data/v9.2/${table}s`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ [`${table}id`]: id, new_name: 'A row' }),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  const endAt = performance.now() + minutes * 60_000;
  const repeat = async (everyMs: number, write: () => Promise<void>) => {
    for (let at = performance.now(); at < endAt; at += everyMs) {
      await wait(Math.max(0, at - performance.now()));
      void write().catch((error: unknown) => console.error(error));
    }
  };
  const pick = () => quietTables[Math.floor(Math.random() * quietTables.length)] ?? '';
  await Promise.all([
    repeat(60_000 / changesPerMinute, () => create(pick())),
    isBusy ? repeat(1000 / busyRate, () => create(busyTable)) : undefined,
  ]);
  await wait(Math.max(0, endAt - performance.now()));
}

function print(name: string, { latenciesMs, requests }: Measurement): void {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const at = (share: number) => `${Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)} ms`;
  const cells = [at(0.5), at(0.95), String(sorted.length), (requests / minutes).toFixed(1)];
  console.log(name.padEnd(34) + cells.map((cell) => cell.padStart(14)).join(''));
}

const headings = ['median', '95 %', 'deliveries', 'requests/min'];
console.log(''.padEnd(34) + headings.map((heading) => heading.padStart(14)).join(''));
for (const push of [true, false]) {
  const name = push ? 'push' : 'polling each second';
  const { quiet } = await measure({ push, isBusy: false });
  print(`${name}: ${tableCount} tables`, quiet);
  const beside = await measure({ push, isBusy: true });
  print(`${name}: beside a busy table`, beside.quiet);
  print(`${name}: the busy table`, beside.busy);
}
process.exit();
