/**
 * Compares the cost of an action with the same call through node-fetch alone: `npm run bench`. The server runs in its
 * own process. Rounds alternate, and ratios are computed for each pair of rounds.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import fetch from 'node-fetch';
import { type Client, loadConnector, type UntypedOperations } from '../src/index.ts';
import type { HttpResponse } from '../src/model/http.ts';
import type { RuntimeServices } from '../src/model/runtime-services.ts';
import { compare } from './support/compare.ts';

const rounds = Number(process.env.ROUNDS ?? 9);
const operations = Number(process.env.OPERATIONS ?? 1500);

const child = fork(join(import.meta.dirname, 'support/stub-server.ts'));
const port = await new Promise<number>((resolve) =>
  child.once('message', (value) => resolve(value as number)),
);

const origin = `http://127.0.0.1:${port}`;
const client = await open();
const input = { id: '11111111-1111-4111-8111-111111111111' };
const plan = client.explain('case.get', input);
const headers = { ...plan.headers, accept: 'application/json', authorization: 'Bearer bench' };

const responseText = await (await fetch(plan.url, { headers })).text();
const withoutNetwork = await open({ send: async () => createResponse(responseText) });

const results = await compare(
  [
    { name: 'client.run("case.get")', work: () => client.run('case.get', input) },
    { name: 'the same without network', work: () => withoutNetwork.run('case.get', input) },
    { name: 'node-fetch + 45 us of work', work: async () => [await callWithNodeFetch(), spin(0.045)] },
    { name: 'node-fetch + JSON', work: callWithNodeFetch },
  ],
  { rounds, operations },
);
for (const { name, cost, ratio, spread } of results) {
  console.log(
    `${name.padEnd(26)} ${cost.wallUs.toFixed(0).padStart(5)} us wall  ${cost.cpuUs.toFixed(0).padStart(5)} us cpu` +
      `   x${ratio.wallUs.toFixed(2)} wall  x${ratio.cpuUs.toFixed(2)} cpu (spread ${spread.toFixed(2)})`,
  );
}
child.disconnect();

async function callWithNodeFetch(): Promise<unknown> {
  return (await fetch(plan.url, { headers })).json();
}

/** Uses the CPU for some time: work between two calls also costs cold caches and an idle server. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function open(services: Partial<RuntimeServices> = {}): Promise<Client> {
  // High limits: this benchmark does not measure the rate limit.
  const connector = await loadConnector<UntypedOperations>({
    ...services,
    limits: { maxRequests: 1e9, maxExecutionMs: 1e12 },
  });
  return connector.connect(
    { orgUrl: origin },
    { kind: 'host', getToken: () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER }) },
    { allowLoopback: true },
  );
}

function createResponse(text: string): HttpResponse {
  const body = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
