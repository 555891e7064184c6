/**
 * What the engine adds to the cost of `JSON.parse`: `npm run bench:own-share`. Responses come from memory. Contenders take
 * turns, and the ratio to parsing the same body is computed in each round, so that other work on the machine affects both.
 * The first rounds are not counted: a process compiles its hot functions for about 100,000 calls, on other threads whose
 * time counts as its own. ROUNDS (default 9), OPERATIONS (default 10,000), WARM_UP in operations (default 60,000), and
 * REMEMBER_WRITES=1 for a client that remembers its writes in memory, as a trigger with `ignoreChangesBy: self` asks it to.
 */
import { runtimeOf } from '../src/client/connector.ts';
import { createMemoryStore } from '../src/host.ts';
import { type Client, loadConnector, type StateStore, type UntypedOperations } from '../src/index.ts';
import type { HttpSender } from '../src/model/http.ts';
import { ResponseBody } from '../src/node/network/response-body.ts';
import { caseRow } from './support/case-row.ts';
import { type Contender, compare } from './support/compare.ts';

const rounds = Number(process.env.ROUNDS ?? 9);
const operations = Number(process.env.OPERATIONS ?? 10_000);
const warmUp = Number(process.env.WARM_UP ?? 60_000);
const id = 'a4afaa2e-bdb5-4c39-a33c-dd17b545ed66';
const decoder = new TextDecoder();
const steps = 100;
const multipart = 'multipart/mixed; boundary=batchresponse_1f2e';

const connector = await loadConnector<UntypedOperations>();
const table = runtimeOf(connector).definition.tables.case;
if (table === undefined) throw new Error('the manifest has no table "case"');

const newCase = {
  title: 'Printer in the second office prints nothing but stars',
  description: 'x'.repeat(400),
  customer: { table: 'account', id },
  priority: 'high',
  origin: 'web',
};
const oneCase = JSON.stringify(caseRow(table));
const tinyRow = JSON.stringify({ [table.key]: id, title: 'x' });

await measure('tiny row', tinyRow, async (client) => client.run('case.get', { id }));
await measure('case.get', oneCase, async (client) => client.run('case.get', { id }));
await measure('case.create', oneCase, async (client) => client.run('case.create', newCase));
const changeSet = Array.from({ length: steps }, () => ({ action: 'case.create', input: newCase }));
await measure('change set, a step', oneCase, async (client) => client.changeSet(changeSet), steps);

/** Prints the CPU time of one call and its ratio to parsing its response; `parts`: how many rows a call has. */
async function measure(
  name: string,
  row: string,
  call: (client: Client) => Promise<unknown>,
  parts = 1,
): Promise<void> {
  const text = parts === 1 ? row : changeSetResponse(row, parts);
  const client = await open(
    respondWith(text, parts === 1 ? 'application/json; odata.metadata=minimal' : multipart),
  );
  const bytes = new TextEncoder().encode(row);
  const contenders: readonly Contender[] = [
    { name, work: () => call(client) },
    {
      name: 'parse',
      async work() {
        for (let part = 0; part < parts; part++) JSON.parse(decoder.decode(bytes));
      },
    },
  ];
  const [engine, parse] = await compare(contenders, {
    rounds,
    operations: Math.ceil(operations / parts),
    warmUp: Math.ceil(warmUp / parts),
  });
  if (engine === undefined || parse === undefined) return;
  console.log(
    `${name.padEnd(20)} ${(engine.cost.cpuUs / parts).toFixed(2).padStart(6)} us cpu   decode and JSON.parse` +
      ` ${(parse.cost.cpuUs / parts).toFixed(2)} us   x${engine.ratio.cpuUs.toFixed(2)} (spread ${engine.spread.toFixed(2)})`,
  );
}

async function open(send: HttpSender): Promise<Client> {
  // High limits: this benchmark does not measure the rate limit.
  const loaded = await loadConnector<UntypedOperations>({
    send,
    store: process.env.REMEMBER_WRITES === '1' ? startedStore() : createMemoryStore(),
    limits: { maxRequests: 1e9, maxExecutionMs: 1e12 },
  });
  return loaded.connect(
    { orgUrl: 'https://contoso.crm.dynamics.com' },
    { kind: 'host', getToken: () => ({ token: 'bench', expiresAt: Number.MAX_SAFE_INTEGER }) },
  );
}

/** A store for which a trigger has asked to remember the writes. */
function startedStore(): StateStore {
  const store = createMemoryStore();
  const get = async (key: string) => (key.endsWith('/started') ? { value: '0', version: 1 } : store.get(key));
  return { ...store, get };
}

function respondWith(text: string, type: string): HttpSender {
  const bytes = new TextEncoder().encode(text);
  const headers = { 'content-type': type };
  return async () => ({ status: 200, headers, body: arrived(bytes) });
}

/** A body that has arrived, as the sender on undici gives it. */
function arrived(bytes: Uint8Array): ResponseBody {
  const body = new ResponseBody({ pause() {}, resume() {}, cancel() {} });
  body.push(bytes);
  body.end();
  return body;
}

/** The response to a change set as Dataverse writes it: one part for each row. */
function changeSetResponse(row: string, parts: number): string {
  const part = (at: number) =>
    [
      '--changesetresponse_1f2e',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      `Content-ID: ${at + 1}`,
      '',
      'HTTP/1.1 201 Created',
      'Content-Type: application/json; odata.metadata=minimal',
      'OData-Version: 4.0',
      `OData-EntityId: https://contoso.crm.dynamics.com/api/data/v9.2/incidents(${id})`,
      '',
      row,
    ].join('\r\n');
  const inner = Array.from({ length: parts }, (_, at) => part(at)).join('\r\n');
  return [
    '--batchresponse_1f2e',
    'Content-Type: multipart/mixed; boundary=changesetresponse_1f2e',
    '',
    inner,
    '--changesetresponse_1f2e--',
    '--batchresponse_1f2e--',
    '',
  ].join('\r\n');
}
