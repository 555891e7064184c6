import { DynamicsWebApi } from 'dynamics-web-api';
import { readCsv } from '../../examples/support/csv.ts';
import {
  type Client,
  type JsonObject,
  loadConnector,
  openSqliteStore,
  type UntypedOperations,
} from '../../src/index.ts';
import { createNodeFetchSender } from '../../src/node/node-fetch-sender.ts';

/* Runs in its own process: `<method> <origin> <token> <csv> <rows> [store]` writes contacts and sends the counts. */
const [method, origin = '', token = '', file = '', maxRows = '0', storeFile] = process.argv.slice(2);
const counts = { requests: 0, throttled: 0 };

async function* contacts(): AsyncGenerator<JsonObject> {
  let count = 0;
  for await (const row of readCsv(file)) {
    if (count++ >= Number(maxRows)) return;
    yield row;
  }
}

const started = performance.now();
if (method === 'ours') await writeMany();
if (method === 'one-by-one') await writeOneByOne();
if (method === 'dynamics-web-api') await writeWithDynamicsWebApi();
process.send?.({ seconds: (performance.now() - started) / 1000, ...counts });
process.disconnect?.();

async function connect(): Promise<Client> {
  const sender = createNodeFetchSender();
  const connector = await loadConnector<UntypedOperations>({
    store: storeFile === undefined ? undefined : openSqliteStore(storeFile),
    async send(request) {
      const response = await sender(request);
      counts.requests += 1;
      if (response.status === 429) counts.throttled += 1;
      return response;
    },
  });
  const credential = { kind: 'host', getToken: () => ({ token }) } as const;
  return connector.connect({ orgUrl: origin }, credential, { allowLoopback: true });
}

async function writeMany(): Promise<void> {
  const client = await connect();
  const job = {
    table: 'contact',
    verb: 'upsert',
    matchOn: ['email'],
    key: 'import',
    rows: contacts(),
  } as const;
  const onProgress = (progress: object) => process.send?.({ progress });
  for await (const { index, error } of client.writeMany({ ...job, onProgress }))
    if (error !== undefined) throw new Error(`row ${index}: ${error.message}`);
}

async function writeOneByOne(): Promise<void> {
  const client = await connect();
  for await (const row of contacts()) await client.run('contact.upsert', { ...row, matchOn: ['email'] });
}

/** Batches of 1,000 requests with another client for Dataverse. */
async function writeWithDynamicsWebApi(): Promise<void> {
  const otherClient = new DynamicsWebApi({
    serverUrl: origin,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => token,
  });
  let pending = 0;
  const send = async () => {
    counts.requests += 1;
    await otherClient.executeBatch();
    pending = 0;
  };
  for await (const { email, lastName, firstName } of contacts()) {
    if (pending === 0) otherClient.startBatch();
    const key = `emailaddress1='${email}'`;
    void otherClient.upsert({
      collection: 'contacts',
      key,
      data: { lastname: lastName, firstname: firstName },
    });
    if (++pending === 1000) await send();
  }
  if (pending > 0) await send();
}
